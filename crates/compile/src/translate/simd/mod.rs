//! SIMD: a v128 is two registers, and its operators are scalar instructions and routines on them.

mod access;
mod lane;
mod table;

use provasm_isa::{Instr, Op};

use super::Translator;
use crate::CompileError;
use crate::stack::Operand;
use table::Lowering;
pub(super) use table::lowering;

/// The two halves of a v128, low one first.
type Halves = [Operand; 2];

impl Translator<'_> {
    pub(super) fn simd(&mut self, lowering: Lowering) -> Result<(), CompileError> {
        match lowering {
            Lowering::Const([low, high]) => self.push_vector([Operand::Const(low), Operand::Const(high)]),
            Lowering::Unary(routine) => self.by_halves::<1>(routine, [0]),
            Lowering::Binary(routine) => self.by_halves::<2>(routine, [0, 1]),
            Lowering::Swapped(routine) => self.by_halves::<2>(routine, [1, 0]),
            Lowering::Ternary(routine) => self.by_halves::<3>(routine, [0, 1, 2]),
            Lowering::UnaryOp(op, constant) => self.unary_halves(|a, d| vec![Instr::new(op, d, a, 0, constant)]),
            Lowering::Negate => self.unary_halves(|a, d| {
                vec![Instr::new(Op::XorImm64, d, a, 0, u64::MAX), Instr::new(Op::AddImm64, d, d, 0, 1)]
            }),
            Lowering::BinaryOp(op) => self.binary_halves(|a, b, d| vec![Instr::new(op, d, a, b, 0)]),
            // 0 - 1 is all ones, 1 - 1 is none.
            Lowering::MaskOp(op) => self
                .binary_halves(|a, b, d| vec![Instr::new(op, d, a, b, 0), Instr::new(Op::AddImm64, d, d, 0, u64::MAX)]),
            Lowering::AndNot => {
                let scratch = self.scratch(0)?;
                self.binary_halves(|a, b, d| {
                    vec![Instr::new(Op::And64, scratch, a, b, 0), Instr::new(Op::Xor64, d, a, scratch, 0)]
                })
            }
            Lowering::BitSelect => self.bit_select(),
            Lowering::Shift(routine) => self.shift(routine),
            Lowering::ShiftOp(op) => self.shift_op(op),
            Lowering::Widen { half, routine } => {
                let vector = self.pop_vector()?;
                let source = self.register(vector[half], self.stack.height() + half);
                self.widen(&[source], 2, routine)
            }
            Lowering::WidenBoth { half, routine } => {
                let (b, a) = (self.pop_vector()?, self.pop_vector()?);
                let height = self.stack.height();
                let a = self.register(a[half], height + half);
                let b = self.register(b[half], height + 2 + half);
                self.widen(&[a, b], 4, routine)
            }
            Lowering::Extend { half, signed } => {
                let vector = self.pop_vector()?;
                let source = self.register(vector[half], self.stack.height() + half);
                self.extend(source, signed)
            }
            Lowering::Products { half } => self.products(half),
            Lowering::Narrow(routine) => self.narrow(routine),
            Lowering::NarrowZero(routine) => {
                self.reduce(routine)?;
                let low = self.pop()?;
                self.push_vector([low, Operand::Const(0)])
            }
            Lowering::Reduce(routine) => self.reduce(routine),
            Lowering::AnyTrue => self.any_true(),
            Lowering::Splat(bits) => self.splat(bits),
            Lowering::Extract { bits, lane, signed } => self.extract(bits, lane, signed),
            Lowering::Replace { bits, lane } => self.replace(bits, lane),
            Lowering::Swizzle(routine) => self.swizzle(routine),
            Lowering::Shuffle(lanes) => self.shuffle(lanes),
            Lowering::Load(argument) => self.load_vector(argument),
            Lowering::Store(argument) => self.store_vector(argument),
            Lowering::LoadWiden { argument, routine } => self.load_widen(argument, routine),
            Lowering::LoadExtend { argument, signed } => self.load_extend(argument, signed),
            Lowering::LoadSplat { argument, bits } => self.load_splat(argument, bits),
            Lowering::LoadZero { argument, bits } => self.load_zero(argument, bits),
            Lowering::LoadLane { argument, bits, lane } => self.load_lane(argument, bits, lane),
            Lowering::StoreLane { argument, bits, lane } => self.store_lane(argument, bits, lane),
        }
    }

    /// Calls a routine for the low and for the high halves of `N` operands, in this order.
    fn by_halves<const N: usize>(&mut self, routine: &str, order: [usize; N]) -> Result<(), CompileError> {
        let mut operands: [Halves; N] = [[Operand::Temp; 2]; N];
        for operand in operands.iter_mut().rev() {
            *operand = self.pop_vector()?;
        }
        let height = self.stack.height();
        self.scratch(3 * N)?;
        let frame = height + 2 * N;
        for part in 0..2 {
            for (argument, &number) in order.iter().enumerate() {
                let operand = operands.get(number).map_or(Operand::Temp, |operand| operand[part]);
                self.move_to(self.slot(frame + argument), operand, height + 2 * number + part);
            }
            self.call_runtime(routine, self.slot(frame))?;
            self.emitter.copy(self.slot(height + part), self.slot(frame));
        }
        self.push_vector([Operand::Temp; 2])
    }

    fn unary_halves(&mut self, instrs: impl Fn(u16, u16) -> Vec<Instr>) -> Result<(), CompileError> {
        let vector = self.pop_vector()?;
        let height = self.stack.height();
        for (part, operand) in vector.into_iter().enumerate() {
            let a = self.register(operand, height + part);
            for instr in instrs(a, self.slot(height + part)) {
                self.emitter.emit(instr);
            }
        }
        self.push_vector([Operand::Temp; 2])
    }

    /// Instructions on the halves of two operands. The first writes another register than `a` and `b`, or
    /// is the last to read the latter.
    fn binary_halves(&mut self, instrs: impl Fn(u16, u16, u16) -> Vec<Instr>) -> Result<(), CompileError> {
        let (second, first) = (self.pop_vector()?, self.pop_vector()?);
        let height = self.stack.height();
        for part in 0..2 {
            let a = self.register(first[part], height + part);
            let b = self.register(second[part], height + 2 + part);
            for instr in instrs(a, b, self.slot(height + part)) {
                self.emitter.emit(instr);
            }
        }
        self.push_vector([Operand::Temp; 2])
    }

    /// b ^ ((a ^ b) & c)
    fn bit_select(&mut self) -> Result<(), CompileError> {
        let (mask, second, first) = (self.pop_vector()?, self.pop_vector()?, self.pop_vector()?);
        let height = self.stack.height();
        for part in 0..2 {
            let a = self.register(first[part], height + part);
            let b = self.register(second[part], height + 2 + part);
            let d = self.slot(height + part);
            self.emitter.emit(Instr::new(Op::Xor64, d, a, b, 0));
            let c = self.register(mask[part], height + 4 + part);
            self.emitter.emit(Instr::new(Op::And64, d, d, c, 0));
            self.emitter.emit(Instr::new(Op::Xor64, d, d, b, 0));
        }
        self.push_vector([Operand::Temp; 2])
    }

    fn shift(&mut self, routine: &str) -> Result<(), CompileError> {
        let count = self.pop()?;
        let vector = self.pop_vector()?;
        let height = self.stack.height();
        self.scratch(5)?;
        for (part, operand) in vector.into_iter().enumerate() {
            self.move_to(self.slot(height + 3), operand, height + part);
            let count = self.register(count, height + 2);
            self.emitter.copy(self.slot(height + 4), count);
            self.call_runtime(routine, self.slot(height + 3))?;
            self.emitter.copy(self.slot(height + part), self.slot(height + 3));
        }
        self.push_vector([Operand::Temp; 2])
    }

    fn shift_op(&mut self, op: Op) -> Result<(), CompileError> {
        let count = self.pop()?;
        let vector = self.pop_vector()?;
        let height = self.stack.height();
        let count = self.register(count, height + 2);
        for (part, operand) in vector.into_iter().enumerate() {
            let a = self.register(operand, height + part);
            self.emitter.emit(Instr::new(op, self.slot(height + part), a, count, 0));
        }
        self.push_vector([Operand::Temp; 2])
    }

    /// Calls a routine for the low and for the high 32 bits of registers, which are those of
    /// operands just popped, `above` of them.
    fn widen(&mut self, sources: &[u16], above: usize, routine: &str) -> Result<(), CompileError> {
        self.scratch(above + sources.len() + 1)?;
        let height = self.stack.height();
        for part in 0..2 {
            // The first result waits below the second call's frame.
            let frame = height + above + part;
            for (argument, &source) in sources.iter().enumerate() {
                self.piece(self.slot(frame + argument), source, part);
            }
            self.call_runtime(routine, self.slot(frame))?;
        }
        self.emitter.copy(self.slot(height), self.slot(height + above));
        self.emitter.copy(self.slot(height + 1), self.slot(height + above + 1));
        self.push_vector([Operand::Temp; 2])
    }

    /// Writes the low or the high 32 bits of a register to another.
    fn piece(&mut self, d: u16, source: u16, part: usize) {
        self.emitter.emit(match part {
            0 => Instr::new(Op::Wrap64, d, source, 0, 0),
            _ => Instr::new(Op::ShrUImm64, d, source, 0, 32),
        });
    }

    /// Extends the low and the high 32 bits of a register, which is at most the third above the stack.
    fn extend(&mut self, source: u16, signed: bool) -> Result<(), CompileError> {
        let height = self.stack.height();
        let low = self.scratch(3)?;
        let (extend, shift) = if signed { (Op::Extend32To64, Op::ShrSImm64) } else { (Op::Wrap64, Op::ShrUImm64) };
        self.emitter.emit(Instr::new(extend, low, source, 0, 0));
        self.emitter.emit(Instr::new(shift, self.slot(height + 1), source, 0, 32));
        self.emitter.copy(self.slot(height), low);
        self.push_vector([Operand::Temp; 2])
    }

    fn products(&mut self, half: usize) -> Result<(), CompileError> {
        let (second, first) = (self.pop_vector()?, self.pop_vector()?);
        let height = self.stack.height();
        self.scratch(8)?;
        let a = self.register(first[half], height + half);
        let b = self.register(second[half], height + 2 + half);
        for part in 0..2 {
            let (left, right) = (self.slot(height + 4 + 2 * part), self.slot(height + 5 + 2 * part));
            self.piece(left, a, part);
            self.piece(right, b, part);
        }
        for part in 0..2 {
            let (left, right) = (self.slot(height + 4 + 2 * part), self.slot(height + 5 + 2 * part));
            self.emitter.emit(Instr::new(Op::Mul64, self.slot(height + part), left, right, 0));
        }
        self.push_vector([Operand::Temp; 2])
    }

    fn narrow(&mut self, routine: &str) -> Result<(), CompileError> {
        let (second, first) = (self.pop_vector()?, self.pop_vector()?);
        let height = self.stack.height();
        self.scratch(6)?;
        for (part, vector) in [first, second].into_iter().enumerate() {
            for (half, operand) in vector.into_iter().enumerate() {
                self.move_to(self.slot(height + 4 + half), operand, height + 2 * part + half);
            }
            self.call_runtime(routine, self.slot(height + 4))?;
            self.emitter.copy(self.slot(height + part), self.slot(height + 4));
        }
        self.push_vector([Operand::Temp; 2])
    }

    /// Calls a routine with both halves of one vector.
    fn reduce(&mut self, routine: &str) -> Result<(), CompileError> {
        self.settle_top(2)?;
        self.pop_vector()?;
        self.call_runtime(routine, self.slot(self.stack.height()))?;
        self.push(Operand::Temp)
    }

    fn any_true(&mut self) -> Result<(), CompileError> {
        let [low, high] = self.pop_vector()?;
        let height = self.stack.height();
        let (low, high) = (self.register(low, height), self.register(high, height + 1));
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(Op::Or64, d, low, high, 0));
        self.emitter.emit(Instr::new(Op::NeImm64, d, d, 0, 0));
        Ok(())
    }
}
