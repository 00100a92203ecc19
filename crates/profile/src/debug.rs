//! A module's DWARF: which source line and which inlined functions an operator comes from.

use addr2line::gimli::{Dwarf, EndianSlice, LittleEndian, SectionId};
use addr2line::{Context, LookupResult};
use wasmparser::{Parser, Payload};

/// How far before an operator its line is looked for.
const LOOK_BACK_BYTES: u32 = 32;

type Bytes<'m> = EndianSlice<'m, LittleEndian>;

/// The debug information of a module.
pub(crate) struct DebugInfo<'m> {
    context: Context<Bytes<'m>>,
    /// Byte offset in the module of the code section's content, from which DWARF counts.
    code: u64,
}

/// A function whose body an operator is part of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SourceFrame {
    /// The function's name, as the compiler encoded it.
    pub(crate) name: Option<String>,
    /// The file, and the line in it, counted from 1.
    pub(crate) line: Option<(String, u32)>,
}

impl<'m> DebugInfo<'m> {
    /// Of a module in the binary format. There is none if it has no `.debug_info`, or one that cannot be read.
    pub(crate) fn of_module(wasm: &'m [u8]) -> Option<Self> {
        let mut code = None;
        let mut sections: Vec<(&str, &[u8])> = Vec::new();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.ok()? {
                Payload::CodeSectionStart { unchecked_range, .. } => code = Some(unchecked_range.start),
                Payload::CustomSection(custom) if custom.name().starts_with(".debug_") => {
                    sections.push((custom.name(), custom.data()));
                }
                _ => {}
            }
        }
        let find = |id: SectionId| sections.iter().find(|(name, _)| *name == id.name()).map(|(_, data)| *data);
        find(SectionId::DebugInfo)?;
        let load = |id: SectionId| Ok(EndianSlice::new(find(id).unwrap_or_default(), LittleEndian));
        let dwarf = Dwarf::load(load).map_err(|error: addr2line::gimli::Error| error).ok()?;
        Some(Self { context: Context::from_dwarf(dwarf).ok()?, code: code? })
    }

    /// The functions around the operator at a byte offset in the module: the innermost first, the one that is no inlined
    /// function last. Empty where nothing is known.
    ///
    /// Compilers leave out the line of what only moves values. An operator without one has that of the operators before it.
    pub(crate) fn frames(&self, offset: u32) -> Vec<SourceFrame> {
        let mut frames = self.frames_at(offset);
        let names = |frames: &[SourceFrame]| frames.iter().map(|frame| frame.name.clone()).collect::<Vec<_>>();
        if frames.first().is_some_and(|inner| inner.line.is_none()) {
            let before = (offset.saturating_sub(LOOK_BACK_BYTES)..offset).rev().map(|before| self.frames_at(before));
            let mut before = before.take_while(|before| names(before) == names(&frames));
            frames = before.find(|before| before.first().is_some_and(|inner| inner.line.is_some())).unwrap_or(frames);
        }
        frames
    }

    fn frames_at(&self, offset: u32) -> Vec<SourceFrame> {
        let Some(address) = u64::from(offset).checked_sub(self.code) else { return Vec::new() };
        // Without debug information in other files, every lookup has its answer at once.
        let LookupResult::Output(Ok(mut found)) = self.context.find_frames(address) else { return Vec::new() };
        let mut frames = Vec::new();
        while let Ok(Some(frame)) = found.next() {
            let name = frame.function.and_then(|function| Some(function.raw_name().ok()?.into_owned()));
            let line = frame.location.and_then(|location| {
                let line = location.line.filter(|line| *line != 0)?;
                Some((location.file?.to_owned(), line))
            });
            frames.push(SourceFrame { name, line });
        }
        frames
    }
}
