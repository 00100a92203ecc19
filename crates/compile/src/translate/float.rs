//! Floats: the sign is a bit, everything else is a routine of the runtime library.

use provasm_isa::{Instr, Op, Trap};
use wasmparser::Operator;

use super::Translator;
use crate::CompileError;
use crate::stack::Operand;

const SIGN_32: u64 = 1 << 31;
const SIGN_64: u64 = 1 << 63;

/// What an operator on floats does.
#[derive(Clone, Copy, Debug)]
pub(super) enum Float {
    /// An operation on the bits with a constant.
    Bits(Op, u64),
    /// The sign of the second operand on the first; the sign's bit.
    CopySign(u64),
    /// A routine of this name, with one result.
    Routine { name: &'static str, params: usize },
    /// A conversion that traps: a routine that says why it cannot be done (1 for a NaN, 2 for too
    /// large a value, else 0), and one that does it.
    Truncate { check: &'static str, convert: &'static str },
}

macro_rules! routines {
    (one [$($one:ident $one_name:literal,)*] two [$($two:ident $two_name:literal,)*]
     truncate [$($truncate:ident $check:literal $convert:literal,)*]) => {
        /// What an operator on floats does, if it is one.
        pub(super) fn lowering(operator: &Operator<'_>) -> Option<Float> {
            Some(match operator {
                Operator::F32Abs => Float::Bits(Op::AndImm32, SIGN_32 - 1),
                Operator::F64Abs => Float::Bits(Op::AndImm64, SIGN_64 - 1),
                Operator::F32Neg => Float::Bits(Op::XorImm32, SIGN_32),
                Operator::F64Neg => Float::Bits(Op::XorImm64, SIGN_64),
                Operator::F32Copysign => Float::CopySign(SIGN_32),
                Operator::F64Copysign => Float::CopySign(SIGN_64),
                $(Operator::$one => Float::Routine { name: $one_name, params: 1 },)*
                $(Operator::$two => Float::Routine { name: $two_name, params: 2 },)*
                $(Operator::$truncate => Float::Truncate { check: $check, convert: $convert },)*
                _ => return None,
            })
        }
    };
}

#[rustfmt::skip]
routines! {
    one [
        F32Ceil "f32.ceil", F32Floor "f32.floor", F32Trunc "f32.trunc", F32Nearest "f32.nearest",
        F32Sqrt "f32.sqrt", F64Ceil "f64.ceil", F64Floor "f64.floor", F64Trunc "f64.trunc",
        F64Nearest "f64.nearest", F64Sqrt "f64.sqrt", I32TruncSatF32S "i32.trunc_sat_f32_s",
        I32TruncSatF32U "i32.trunc_sat_f32_u", I32TruncSatF64S "i32.trunc_sat_f64_s",
        I32TruncSatF64U "i32.trunc_sat_f64_u", I64TruncSatF32S "i64.trunc_sat_f32_s",
        I64TruncSatF32U "i64.trunc_sat_f32_u", I64TruncSatF64S "i64.trunc_sat_f64_s",
        I64TruncSatF64U "i64.trunc_sat_f64_u", F32ConvertI32S "f32.convert_i32_s",
        F32ConvertI32U "f32.convert_i32_u", F32ConvertI64S "f32.convert_i64_s", F32ConvertI64U "f32.convert_i64_u",
        F64ConvertI32S "f64.convert_i32_s", F64ConvertI32U "f64.convert_i32_u", F64ConvertI64S "f64.convert_i64_s",
        F64ConvertI64U "f64.convert_i64_u", F32DemoteF64 "f32.demote_f64", F64PromoteF32 "f64.promote_f32",
    ]
    two [
        F32Eq "f32.eq", F32Ne "f32.ne", F32Lt "f32.lt", F32Gt "f32.gt", F32Le "f32.le", F32Ge "f32.ge",
        F64Eq "f64.eq", F64Ne "f64.ne", F64Lt "f64.lt", F64Gt "f64.gt", F64Le "f64.le", F64Ge "f64.ge",
        F32Add "f32.add", F32Sub "f32.sub", F32Mul "f32.mul", F32Div "f32.div", F32Min "f32.min", F32Max "f32.max",
        F64Add "f64.add", F64Sub "f64.sub", F64Mul "f64.mul", F64Div "f64.div", F64Min "f64.min", F64Max "f64.max",
    ]
    truncate [
        I32TruncF32S "i32.trunc_f32_s.check" "i32.trunc_sat_f32_s",
        I32TruncF32U "i32.trunc_f32_u.check" "i32.trunc_sat_f32_u",
        I32TruncF64S "i32.trunc_f64_s.check" "i32.trunc_sat_f64_s",
        I32TruncF64U "i32.trunc_f64_u.check" "i32.trunc_sat_f64_u",
        I64TruncF32S "i64.trunc_f32_s.check" "i64.trunc_sat_f32_s",
        I64TruncF32U "i64.trunc_f32_u.check" "i64.trunc_sat_f32_u",
        I64TruncF64S "i64.trunc_f64_s.check" "i64.trunc_sat_f64_s",
        I64TruncF64U "i64.trunc_f64_u.check" "i64.trunc_sat_f64_u",
    ]
}

impl Translator<'_> {
    pub(super) fn float(&mut self, float: Float) -> Result<(), CompileError> {
        match float {
            Float::Bits(op, bits) => {
                let operand = self.pop()?;
                let a = self.register(operand, self.stack.height());
                let d = self.push_temp()?;
                self.emitter.emit(Instr::new(op, d, a, 0, bits));
                Ok(())
            }
            Float::CopySign(sign) => self.copy_sign(sign),
            Float::Routine { name, params } => {
                self.settle_top(params)?;
                for _ in 0..params {
                    self.pop()?;
                }
                self.call_runtime(name, self.slot(self.stack.height()))?;
                self.push(Operand::Temp)
            }
            Float::Truncate { check, convert } => self.truncate(check, convert),
        }
    }

    fn copy_sign(&mut self, sign: u64) -> Result<(), CompileError> {
        let (second, first) = (self.pop()?, self.pop()?);
        let height = self.stack.height();
        let (and, or) = if sign == SIGN_32 { (Op::AndImm32, Op::Or32) } else { (Op::AndImm64, Op::Or64) };
        let (a, b) = (self.register(first, height), self.register(second, height + 1));
        let (magnitude, signed) = (self.scratch(2)?, self.slot(height + 1));
        self.emitter.emit(Instr::new(and, magnitude, a, 0, sign - 1));
        self.emitter.emit(Instr::new(and, signed, b, 0, sign));
        let d = self.push_temp()?;
        self.emitter.emit(Instr::new(or, d, magnitude, signed, 0));
        Ok(())
    }

    fn truncate(&mut self, check: &str, convert: &str) -> Result<(), CompileError> {
        self.settle_top(1)?;
        self.pop()?;
        let (value, why) = (self.scratch(0)?, self.scratch(1)?);
        self.emitter.copy(why, value);
        self.call_runtime(check, why)?;
        self.trap_when(Instr::new(Op::BrEqImm32, 0, why, 0, 1), Trap::InvalidConversion);
        self.trap_when(Instr::new(Op::BrEqImm32, 0, why, 0, 2), Trap::IntegerOverflow);
        self.call_runtime(convert, value)?;
        self.push(Operand::Temp)
    }
}
