//! The host region, the private input, and the accelerators.

use provasm_isa::layout::{HOST_INPUT, HOST_OUTPUT, HOST_SCRATCH, HOST_SCRATCH_CELLS, stream_cells};
use provasm_isa::{Op, accel};

use crate::machine::Inputs;
use crate::poseidon2;

/// What a `hint` asks for: bytes left of the private input.
pub(crate) const HINT_LEFT: u64 = 0;

/// Parts of the host region: input, output, and what routines keep.
pub(crate) const PARTS: usize = 3;

/// The part with the public output.
const OUTPUT: usize = 1;

/// The cells of the host region, as far as they are not zero, and the rest of the private input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Host {
    cells: [Vec<u64>; PARTS],
    private: Vec<u8>,
    /// Bytes of the private input that were read.
    taken: usize,
}

/// The part of the host region that the cell with this index is in, and where; none if it has no place.
pub(crate) fn place(index: u32) -> Option<(usize, usize)> {
    let (part, first) = match index {
        HOST_SCRATCH.. => (2, HOST_SCRATCH),
        HOST_OUTPUT.. => (OUTPUT, HOST_OUTPUT),
        _ => (0, HOST_INPUT),
    };
    (index < HOST_SCRATCH + HOST_SCRATCH_CELLS).then_some((part, (index - first) as usize))
}

impl Host {
    pub(crate) fn new(inputs: Inputs<'_>) -> Self {
        let cells = [stream_cells(inputs.public).collect(), Vec::new(), Vec::new()];
        Self { cells, private: inputs.private.to_vec(), taken: 0 }
    }

    /// The cell with this index; zero if it was never written.
    pub(crate) fn get(&self, index: u32) -> u64 {
        place(index).and_then(|(part, at)| self.cells[part].get(at)).copied().unwrap_or(0)
    }

    /// Sets a cell and returns what it held; none if it has no place.
    pub(crate) fn set(&mut self, index: u32, value: u64) -> Option<u64> {
        let (part, at) = place(index)?;
        let cells = &mut self.cells[part];
        if cells.len() <= at {
            cells.resize(at + 1, 0);
        }
        cells.get_mut(at).map(|cell| core::mem::replace(cell, value))
    }

    /// What a hint of this kind gives.
    pub(crate) fn hint(&mut self, kind: u64) -> u64 {
        let rest = self.private.get(self.taken..).unwrap_or(&[]);
        if kind == HINT_LEFT {
            return rest.len() as u64;
        }
        let mut word = [0; 8];
        let bytes = rest.len().min(8);
        word[..bytes].copy_from_slice(&rest[..bytes]);
        self.taken += bytes;
        u64::from_le_bytes(word)
    }

    /// The public output: as many bytes as are counted and were written.
    pub(crate) fn output(&self) -> Vec<u8> {
        let length = self.cells[OUTPUT].first().copied().unwrap_or(0);
        let bytes = self.cells[OUTPUT].iter().skip(1).flat_map(|word| word.to_le_bytes());
        bytes.take(usize::try_from(length).unwrap_or(usize::MAX)).collect()
    }
}

/// Whether a register's value names a cell of the host region that has a place.
pub(crate) fn host_index(value: u64) -> Option<u32> {
    u32::try_from(value).ok().filter(|&index| place(index).is_some())
}

/// Transforms a window as an accelerator does; false if the operands are such as no compiled program has.
#[must_use]
pub fn accelerate(op: Op, imm: u64, window: &mut [u64]) -> bool {
    match op {
        Op::Sha256 => window.as_mut_array().map(accel::sha256::compress).is_some(),
        Op::Keccak => window.as_mut_array().map(accel::keccak::permute).is_some(),
        Op::Blake3 => window.as_mut_array().map(accel::blake3::compress).is_some(),
        Op::Poseidon2 => window.as_mut_array().map(poseidon2::permute).is_some(),
        Op::ModMul => window.as_mut_array().is_some_and(|window| accel::modmul::modmul(imm, window)),
        _ => false,
    }
}
