//! What instructions are called: functions, functions inlined into them, source lines.
//!
//! Everything is numbered when it is first asked for, because a run executes few of a program's instructions.

use std::collections::HashMap;
use std::hash::Hash;

use provasm_program::Program;

use crate::debug::DebugInfo;
use crate::names::readable;

/// A function, as a line of a stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: FrameKind,
}

/// What a frame stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameKind {
    /// A function of the module.
    Function,
    /// A function that the module's compiler inlined into another.
    Inlined,
    /// Code that provasm's compiler brought along: what enters the module, bulk operators, floats, SIMD, host functions.
    Routine,
    /// No function: calls that the profile had no room for.
    NoRoom,
}

/// A line of a source file.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    /// The file.
    pub file: String,
    /// The line's number, from 1.
    pub number: u32,
}

/// The number of a frame.
pub(crate) type FrameId = u32;

/// Inlined functions, from the outermost to the innermost.
pub(crate) type ContextId = u32;

/// No inlined function.
pub(crate) const NO_CONTEXT: ContextId = 0;

/// Where an instruction comes from.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Site {
    /// The inlined functions that it is part of.
    pub(crate) context: ContextId,
    /// The number of its line.
    pub(crate) line: Option<u32>,
}

/// Things by number, each once.
#[derive(Debug)]
struct Numbered<T> {
    items: Vec<T>,
    numbers: HashMap<T, u32>,
}

impl<T: Clone + Eq + Hash> Numbered<T> {
    fn new() -> Self {
        Self { items: Vec::new(), numbers: HashMap::new() }
    }

    fn number(&mut self, item: T) -> u32 {
        let next = self.items.len() as u32;
        *self.numbers.entry(item).or_insert_with_key(|item| {
            self.items.push(item.clone());
            next
        })
    }
}

/// A function of the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    pub(crate) frame: FrameId,
    /// Its first instruction.
    pub(crate) start: u32,
    /// The first instruction after it.
    pub(crate) end: u32,
}

/// The symbols of a program.
pub(crate) struct Symbols<'p> {
    program: &'p Program,
    debug: Option<DebugInfo<'p>>,
    functions: Vec<Function>,
    frames: Numbered<Frame>,
    /// A context is one more function inside another context. The number of the first is 1.
    contexts: Numbered<(ContextId, FrameId)>,
    lines: Numbered<Line>,
    sites: HashMap<u32, Site>,
}

impl<'p> Symbols<'p> {
    /// Of a program compiled from this module, in the binary format.
    pub(crate) fn new(program: &'p Program, wasm: &'p [u8]) -> Self {
        let mut frames = Numbered::new();
        let ends = program.source.functions.iter().skip(1).map(|(start, _)| *start);
        let ends = ends.chain([program.code.len() as u32]);
        let functions = program.source.functions.iter().zip(ends).map(|((start, name), end)| {
            let offsets = program.source.offsets.get(*start as usize..end as usize).unwrap_or_default();
            let is_routine = offsets.iter().all(|offset| *offset == 0);
            let kind = if is_routine { FrameKind::Routine } else { FrameKind::Function };
            Function { frame: frames.number(Frame { name: readable(name), kind }), start: *start, end }
        });
        let functions = functions.collect();
        let debug = DebugInfo::of_module(wasm);
        let (contexts, lines) = (Numbered::new(), Numbered::new());
        Self { program, debug, functions, frames, contexts, lines, sites: HashMap::new() }
    }

    /// Whether source lines are known.
    pub(crate) fn has_lines(&self) -> bool {
        self.debug.is_some()
    }

    /// The program's functions, in code order.
    pub(crate) fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The number of the function that an instruction belongs to.
    pub(crate) fn function_at(&self, pc: u32) -> u32 {
        self.functions.partition_point(|function| function.start <= pc).saturating_sub(1) as u32
    }

    /// The number of a frame.
    pub(crate) fn frame(&mut self, frame: Frame) -> FrameId {
        self.frames.number(frame)
    }

    /// Every frame, by number.
    pub(crate) fn into_frames(self) -> Vec<Frame> {
        self.frames.items
    }

    /// The line of this number.
    pub(crate) fn line(&self, number: u32) -> Option<&Line> {
        self.lines.items.get(number as usize)
    }

    /// The frames of a context, the outermost first.
    pub(crate) fn context_frames(&self, context: ContextId) -> Vec<FrameId> {
        let inner = |context: ContextId| self.contexts.items.get((context as usize).checked_sub(1)?).copied();
        let chain = std::iter::successors(inner(context), |(outer, _)| inner(*outer));
        let mut frames: Vec<FrameId> = chain.map(|(_, frame)| frame).collect();
        frames.reverse();
        frames
    }

    /// Where an instruction comes from.
    pub(crate) fn site(&mut self, pc: u32) -> Site {
        if self.debug.is_none() {
            return Site::default();
        }
        if let Some(site) = self.sites.get(&pc) {
            return *site;
        }
        let site = self.look_up(pc).unwrap_or_default();
        self.sites.insert(pc, site);
        site
    }

    fn look_up(&mut self, pc: u32) -> Option<Site> {
        let offset = self.program.source.offsets.get(pc as usize).filter(|offset| **offset != 0)?;
        let found = self.debug.as_ref()?.frames(*offset);
        let (_, inlined) = found.split_last()?;
        let mut context = NO_CONTEXT;
        for frame in inlined.iter().rev() {
            let name = frame.name.as_deref().map_or_else(|| "(inlined)".to_owned(), readable);
            let frame = self.frames.number(Frame { name, kind: FrameKind::Inlined });
            context = self.contexts.number((context, frame)) + 1;
        }
        let line = found.first()?.line.clone();
        let line = line.map(|(file, number)| self.lines.number(Line { file, number }));
        Some(Site { context, line })
    }
}
