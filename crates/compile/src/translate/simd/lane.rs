//! Single lanes and their order.

use provasm_isa::{Instr, Op};

use super::super::Translator;
use super::Halves;
use crate::CompileError;
use crate::stack::Operand;

/// The bits of a lane.
fn mask(bits: u32) -> u64 {
    u64::MAX >> (64 - bits)
}

/// The half of a lane and where it begins there.
fn place(bits: u32, lane: u8) -> (usize, u64) {
    let bit = bits * u32::from(lane);
    ((bit / 64) as usize, u64::from(bit % 64))
}

/// Bytes of one half of a shuffle's result that come from one word and move by as much.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Run {
    /// Number of the word among the halves of both operands.
    word: usize,
    /// Bytes by which they move up, in a rotation.
    up: u32,
    /// Where they are in the result.
    mask: u64,
}

/// The runs of one half of a shuffle.
fn runs(lanes: &[u8]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (to, &lane) in (0u32..).zip(lanes) {
        let (word, from) = (usize::from(lane / 8), u32::from(lane % 8));
        let (up, mask) = ((to + 8 - from) % 8, 0xff << (8 * to));
        match runs.iter_mut().find(|run| run.word == word && run.up == up) {
            Some(run) => run.mask |= mask,
            None => runs.push(Run { word, up, mask }),
        }
    }
    runs
}

impl Translator<'_> {
    pub(super) fn splat(&mut self, bits: u32) -> Result<(), CompileError> {
        let value = self.pop()?;
        let height = self.stack.height();
        if let Operand::Const(value) = value {
            let lane = value & mask(bits);
            let all = (0..64 / bits).fold(0, |all, place| all | lane << (place * bits));
            return self.push_vector([Operand::Const(all); 2]);
        }
        self.scratch(2)?;
        let value = self.register(value, height);
        self.spread(value, bits)
    }

    /// Pushes a vector with the low bits of a register in all lanes.
    pub(super) fn spread(&mut self, value: u16, bits: u32) -> Result<(), CompileError> {
        let height = self.stack.height();
        let (low, high) = (self.slot(height), self.slot(height + 1));
        match bits {
            64 => self.emitter.copy(low, value),
            32 => {
                self.emitter.emit(Instr::new(Op::ShlImm64, high, value, 0, 32));
                self.emitter.emit(Instr::new(Op::Or64, low, value, high, 0));
            }
            _ => {
                self.emitter.emit(Instr::new(Op::AndImm64, low, value, 0, mask(bits)));
                let ones = self.register(Operand::Const(u64::MAX / mask(bits)), height + 1);
                self.emitter.emit(Instr::new(Op::Mul64, low, low, ones, 0));
            }
        }
        self.emitter.copy(high, low);
        self.push_vector([Operand::Temp; 2])
    }

    pub(super) fn extract(&mut self, bits: u32, lane: u8, signed: bool) -> Result<(), CompileError> {
        let vector = self.pop_vector()?;
        let height = self.stack.height();
        let (half, _) = place(bits, lane);
        if bits == 64 {
            return self.push_moved(vector[half], height + half);
        }
        let d = self.slot(height);
        self.lane_to(d, vector, height, (bits, lane), signed);
        self.push(Operand::Temp)
    }

    /// Writes a lane of a vector popped from a height to a register, narrow ones extended to 32 bits.
    pub(super) fn lane_to(&mut self, d: u16, vector: Halves, height: usize, (bits, lane): (u32, u8), signed: bool) {
        let (half, bit) = place(bits, lane);
        let source = self.register(vector[half], height + half);
        let shifted = if bit == 0 { source } else { d };
        if bit != 0 || bits == 64 {
            match bit {
                0 => self.emitter.copy(d, source),
                _ => self.emitter.emit(Instr::new(Op::ShrUImm64, d, source, 0, bit)),
            }
        }
        let is_whole = u64::from(bits) + bit == 64;
        match (bits, signed) {
            (8, true) => self.emitter.emit(Instr::new(Op::Extend8To32, d, shifted, 0, 0)),
            (16, true) => self.emitter.emit(Instr::new(Op::Extend16To32, d, shifted, 0, 0)),
            _ if is_whole => {}
            (32, _) => self.emitter.emit(Instr::new(Op::Wrap64, d, shifted, 0, 0)),
            _ => self.emitter.emit(Instr::new(Op::AndImm64, d, shifted, 0, mask(bits))),
        }
    }

    pub(super) fn replace(&mut self, bits: u32, lane: u8) -> Result<(), CompileError> {
        let value = self.pop()?;
        let vector = self.pop_vector()?;
        let height = self.stack.height();
        let value = self.register(value, height + 2);
        self.replaced(vector, height, value, (bits, lane))
    }

    /// Pushes a vector, popped from a height, with the low bits of a register in a lane. Its halves are
    /// where the vector is pushed.
    pub(super) fn replaced(
        &mut self,
        vector: Halves,
        height: usize,
        value: u16,
        (bits, lane): (u32, u8),
    ) -> Result<(), CompileError> {
        let (half, bit) = place(bits, lane);
        let d = self.slot(height + half);
        let lane = self.scratch(3)?;
        if bits == 64 {
            self.emitter.copy(d, value);
        } else {
            let kept = self.register(vector[half], height + half);
            self.emitter.emit(Instr::new(Op::AndImm64, lane, value, 0, mask(bits)));
            if bit > 0 {
                self.emitter.emit(Instr::new(Op::ShlImm64, lane, lane, 0, bit));
            }
            self.emitter.emit(Instr::new(Op::AndImm64, d, kept, 0, !(mask(bits) << bit)));
            self.emitter.emit(Instr::new(Op::Or64, d, d, lane, 0));
        }
        let mut result = vector;
        result[half] = Operand::Temp;
        self.push_vector(result)
    }

    pub(super) fn swizzle(&mut self, routine: &str) -> Result<(), CompileError> {
        let (indices, vector) = (self.pop_vector()?, self.pop_vector()?);
        let height = self.stack.height();
        self.scratch(8)?;
        let [low, high] = [self.register(vector[0], height), self.register(vector[1], height + 1)];
        for (part, index) in indices.into_iter().enumerate() {
            let frame = height + 4 + part;
            self.emitter.copy(self.slot(frame), low);
            self.emitter.copy(self.slot(frame + 1), high);
            self.move_to(self.slot(frame + 2), index, height + 2 + part);
            self.call_runtime(routine, self.slot(frame))?;
        }
        self.emitter.copy(self.slot(height), self.slot(height + 4));
        self.emitter.copy(self.slot(height + 1), self.slot(height + 5));
        self.push_vector([Operand::Temp; 2])
    }

    pub(super) fn shuffle(&mut self, lanes: [u8; 16]) -> Result<(), CompileError> {
        let (second, first) = (self.pop_vector()?, self.pop_vector()?);
        let height = self.stack.height();
        self.scratch(7)?;
        let words = [first[0], first[1], second[0], second[1]];
        for part in 0..2 {
            let d = self.slot(height + 4 + part);
            let moved = self.slot(height + 6);
            for (index, run) in runs(&lanes[8 * part..8 * part + 8]).into_iter().enumerate() {
                let source = self.register(words[run.word], height + run.word);
                let to = if index == 0 { d } else { moved };
                let rotated = if run.up == 0 { source } else { to };
                if run.up > 0 {
                    self.emitter.emit(Instr::new(Op::RotlImm64, to, source, 0, u64::from(8 * run.up)));
                }
                match run.mask {
                    u64::MAX => self.emitter.copy(to, rotated),
                    mask => self.emitter.emit(Instr::new(Op::AndImm64, to, rotated, 0, mask)),
                }
                if index > 0 {
                    self.emitter.emit(Instr::new(Op::Or64, d, d, moved, 0));
                }
            }
        }
        self.emitter.copy(self.slot(height), self.slot(height + 4));
        self.emitter.copy(self.slot(height + 1), self.slot(height + 5));
        self.push_vector([Operand::Temp; 2])
    }
}
