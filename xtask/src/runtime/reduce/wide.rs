//! Wide multiplication in instructions of WebAssembly 3.0.

use wasm_encoder::{Function, Instruction};

/// The product of two i64 on the stack as 128 bits, from products of 32-bit halves (Knuth, "The Art of Computer
/// Programming" 2, algorithm 4.3.1 M).
pub(super) struct WideMultiplication {
    /// The first of its locals.
    pub(super) first_local: u32,
}

impl WideMultiplication {
    /// Locals of i64 that it takes.
    pub(super) const LOCALS: u32 = 5;

    /// Leaves the high half on the stack.
    pub(super) fn high(&self, function: &mut Function) {
        use Instruction::{I64Add, I64And, I64Const, I64Mul, I64ShrU, LocalGet, LocalSet, LocalTee};
        let [a, b, a_high, b_high, middle] = [0, 1, 2, 3, 4].map(|index| self.first_local + index);
        let low_32 = I64Const(0xffff_ffff);
        let instructions = [
            LocalSet(b),
            LocalSet(a),
            // a_high * b_high, the first summand
            LocalGet(a),
            I64Const(32),
            I64ShrU,
            LocalTee(a_high),
            LocalGet(b),
            I64Const(32),
            I64ShrU,
            LocalTee(b_high),
            I64Mul,
            // middle = a_high * b_low + (a_low * b_low >> 32), below 2^64
            LocalGet(a_high),
            LocalGet(b),
            low_32.clone(),
            I64And,
            LocalTee(b),
            I64Mul,
            LocalGet(a),
            low_32.clone(),
            I64And,
            LocalTee(a),
            LocalGet(b),
            I64Mul,
            I64Const(32),
            I64ShrU,
            I64Add,
            LocalTee(middle),
            I64Const(32),
            I64ShrU,
            I64Add,
            // (a_low * b_high + the low half of middle) >> 32, the last summand
            LocalGet(a),
            LocalGet(b_high),
            I64Mul,
            LocalGet(middle),
            low_32,
            I64And,
            I64Add,
            I64Const(32),
            I64ShrU,
            I64Add,
        ];
        for instruction in &instructions {
            function.instruction(instruction);
        }
    }

    /// Leaves the low half and above it the high half on the stack.
    pub(super) fn both(&self, function: &mut Function) {
        let [a, b] = [0, 1].map(|index| self.first_local + index);
        use Instruction::{I64Mul, LocalGet, LocalSet, LocalTee};
        for instruction in [LocalSet(b), LocalTee(a), LocalGet(b), I64Mul, LocalGet(a), LocalGet(b)] {
            function.instruction(&instruction);
        }
        self.high(function);
    }
}
