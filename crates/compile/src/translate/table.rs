//! Which opcode does what a WebAssembly operator does, where one does.

use provasm_isa::Op;
use wasmparser::{MemArg, Operator};

/// Operators that leave the register's bits as they are. An i32 is held zero-extended already.
pub(super) fn is_reinterpretation(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::I64ExtendI32U
            | Operator::I32ReinterpretF32
            | Operator::I64ReinterpretF64
            | Operator::F32ReinterpretI32
            | Operator::F64ReinterpretI64
    )
}

/// Operators of two operands.
#[rustfmt::skip]
pub(super) fn binary(operator: &Operator<'_>) -> Option<Op> {
    Some(match operator {
        Operator::I32Add => Op::Add32, Operator::I64Add => Op::Add64,
        Operator::I32Sub => Op::Sub32, Operator::I64Sub => Op::Sub64,
        Operator::I32Mul => Op::Mul32, Operator::I64Mul => Op::Mul64,
        Operator::I32DivS => Op::DivS32, Operator::I64DivS => Op::DivS64,
        Operator::I32DivU => Op::DivU32, Operator::I64DivU => Op::DivU64,
        Operator::I32RemS => Op::RemS32, Operator::I64RemS => Op::RemS64,
        Operator::I32RemU => Op::RemU32, Operator::I64RemU => Op::RemU64,
        Operator::I32And => Op::And32, Operator::I64And => Op::And64,
        Operator::I32Or => Op::Or32, Operator::I64Or => Op::Or64,
        Operator::I32Xor => Op::Xor32, Operator::I64Xor => Op::Xor64,
        Operator::I32Shl => Op::Shl32, Operator::I64Shl => Op::Shl64,
        Operator::I32ShrS => Op::ShrS32, Operator::I64ShrS => Op::ShrS64,
        Operator::I32ShrU => Op::ShrU32, Operator::I64ShrU => Op::ShrU64,
        Operator::I32Rotl => Op::Rotl32, Operator::I64Rotl => Op::Rotl64,
        Operator::I32Rotr => Op::Rotr32, Operator::I64Rotr => Op::Rotr64,
        Operator::I32Eq => Op::Eq32, Operator::I64Eq => Op::Eq64,
        Operator::I32Ne => Op::Ne32, Operator::I64Ne => Op::Ne64,
        Operator::I32LtS => Op::LtS32, Operator::I64LtS => Op::LtS64,
        Operator::I32LtU => Op::LtU32, Operator::I64LtU => Op::LtU64,
        Operator::I32GtS => Op::GtS32, Operator::I64GtS => Op::GtS64,
        Operator::I32GtU => Op::GtU32, Operator::I64GtU => Op::GtU64,
        Operator::I32LeS => Op::LeS32, Operator::I64LeS => Op::LeS64,
        Operator::I32LeU => Op::LeU32, Operator::I64LeU => Op::LeU64,
        Operator::I32GeS => Op::GeS32, Operator::I64GeS => Op::GeS64,
        Operator::I32GeU => Op::GeU32, Operator::I64GeU => Op::GeU64,
        _ => return None,
    })
}

/// Operators of one operand.
pub(super) fn unary(operator: &Operator<'_>) -> Option<Op> {
    Some(match operator {
        Operator::I32Clz => Op::Clz32,
        Operator::I64Clz => Op::Clz64,
        Operator::I32Ctz => Op::Ctz32,
        Operator::I64Ctz => Op::Ctz64,
        Operator::I32Popcnt => Op::Popcnt32,
        Operator::I64Popcnt => Op::Popcnt64,
        Operator::I32WrapI64 => Op::Wrap64,
        Operator::I32Extend8S => Op::Extend8To32,
        Operator::I32Extend16S => Op::Extend16To32,
        Operator::I64Extend8S => Op::Extend8To64,
        Operator::I64Extend16S => Op::Extend16To64,
        Operator::I64Extend32S | Operator::I64ExtendI32S => Op::Extend32To64,
        _ => return None,
    })
}

/// `eqz`, as a comparison with the immediate 0.
pub(super) fn zero_test(operator: &Operator<'_>) -> Option<Op> {
    match operator {
        Operator::I32Eqz => Some(Op::EqImm32),
        Operator::I64Eqz => Some(Op::EqImm64),
        _ => None,
    }
}

/// Loads.
pub(super) fn load(operator: &Operator<'_>) -> Option<(Op, MemArg)> {
    Some(match *operator {
        Operator::I32Load { memarg } | Operator::F32Load { memarg } => (Op::Load32U, memarg),
        Operator::I64Load { memarg } | Operator::F64Load { memarg } => (Op::Load64, memarg),
        Operator::I32Load8U { memarg } | Operator::I64Load8U { memarg } => (Op::Load8U, memarg),
        Operator::I32Load16U { memarg } | Operator::I64Load16U { memarg } => (Op::Load16U, memarg),
        Operator::I64Load32U { memarg } => (Op::Load32U, memarg),
        Operator::I32Load8S { memarg } => (Op::Load8S32, memarg),
        Operator::I32Load16S { memarg } => (Op::Load16S32, memarg),
        Operator::I64Load8S { memarg } => (Op::Load8S64, memarg),
        Operator::I64Load16S { memarg } => (Op::Load16S64, memarg),
        Operator::I64Load32S { memarg } => (Op::Load32S64, memarg),
        _ => return None,
    })
}

/// Stores.
pub(super) fn store(operator: &Operator<'_>) -> Option<(Op, MemArg)> {
    Some(match *operator {
        Operator::I32Store { memarg } | Operator::F32Store { memarg } => (Op::Store32, memarg),
        Operator::I64Store { memarg } | Operator::F64Store { memarg } => (Op::Store64, memarg),
        Operator::I32Store8 { memarg } | Operator::I64Store8 { memarg } => (Op::Store8, memarg),
        Operator::I32Store16 { memarg } | Operator::I64Store16 { memarg } => (Op::Store16, memarg),
        Operator::I64Store32 { memarg } => (Op::Store32, memarg),
        _ => return None,
    })
}
