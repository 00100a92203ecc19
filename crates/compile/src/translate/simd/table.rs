//! How each SIMD operator becomes scalar instructions and routines of the runtime library.

use provasm_isa::Op;
use wasmparser::{MemArg, Operator};

use crate::link::initial::halves;

/// What a SIMD operator does with the two 64-bit halves of its operands. A name is that of a
/// routine; one that works on halves is called for both.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::translate) enum Lowering {
    /// These halves.
    Const([u64; 2]),
    /// f(a), by halves.
    Unary(&'static str),
    /// An instruction on a half and a constant.
    UnaryOp(Op, u64),
    /// 0 - a, in lanes of 64 bits.
    Negate,
    /// f(a, b), by halves.
    Binary(&'static str),
    /// f(b, a), by halves.
    Swapped(&'static str),
    /// An instruction on two halves.
    BinaryOp(Op),
    /// The opposite of a comparison of two halves, as a mask.
    MaskOp(Op),
    /// a and not b.
    AndNot,
    /// The bits of a where those of c are set, else those of b.
    BitSelect,
    /// f(a, b, c), by halves.
    Ternary(&'static str),
    /// f(a, count), by halves.
    Shift(&'static str),
    /// A shift of a half by a count.
    ShiftOp(Op),
    /// f of the low and of the high 32 bits of one half: the low or the high one.
    Widen { half: usize, routine: &'static str },
    /// The low and the high 32 bits of one half, extended to 64.
    Extend { half: usize, signed: bool },
    /// f of the low and of the high 32 bits of one half of a and b.
    WidenBoth { half: usize, routine: &'static str },
    /// The products of the low and of the high 32 bits of one half of a and b.
    Products { half: usize },
    /// f(low half, high half), of a and then of b.
    Narrow(&'static str),
    /// f(low half, high half), and 0.
    NarrowZero(&'static str),
    /// f(low half, high half), one number.
    Reduce(&'static str),
    /// Whether any bit is set.
    AnyTrue,
    /// A number in all lanes of so many bits.
    Splat(u32),
    /// The number in a lane of so many bits; narrow ones are extended to 32.
    Extract { bits: u32, lane: u8, signed: bool },
    /// Another number in a lane of so many bits.
    Replace { bits: u32, lane: u8 },
    /// f(low half, high half, half of the indices).
    Swizzle(&'static str),
    /// The bytes of a and b with these numbers.
    Shuffle([u8; 16]),
    /// All 16 bytes at an address.
    Load(MemArg),
    /// All 16 bytes to an address.
    Store(MemArg),
    /// 8 bytes, whose low and high 32 bits a routine widens.
    LoadWiden { argument: MemArg, routine: &'static str },
    /// Two numbers of 32 bits, extended to 64.
    LoadExtend { argument: MemArg, signed: bool },
    /// A number of so many bits in all lanes.
    LoadSplat { argument: MemArg, bits: u32 },
    /// A number of so many bits, and zeros.
    LoadZero { argument: MemArg, bits: u32 },
    /// A number of so many bits into a lane.
    LoadLane { argument: MemArg, bits: u32, lane: u8 },
    /// A lane of so many bits to an address.
    StoreLane { argument: MemArg, bits: u32, lane: u8 },
}

/// Signs of the floats in a half.
const SIGNS_32: u64 = 0x8000_0000_8000_0000;
const SIGN_64: u64 = 1 << 63;

macro_rules! routines {
    (unary [$($unary:ident $unary_name:literal,)*] binary [$($binary:ident $binary_name:literal,)*]
     swapped [$($swapped:ident $swapped_name:literal,)*] shift [$($shift:ident $shift_name:literal,)*]
     narrow [$($narrow:ident $narrow_name:literal,)*] reduce [$($reduce:ident $reduce_name:literal,)*]
     widen [$($low:ident $high:ident $widen_name:literal,)*]
     products [$($product_low:ident $product_high:ident $product_name:literal,)*]) => {
        /// The operators that a routine does.
        fn routine(operator: &Operator<'_>) -> Option<Lowering> {
            Some(match operator {
                $(Operator::$unary => Lowering::Unary($unary_name),)*
                $(Operator::$binary => Lowering::Binary($binary_name),)*
                $(Operator::$swapped => Lowering::Swapped($swapped_name),)*
                $(Operator::$shift => Lowering::Shift($shift_name),)*
                $(Operator::$narrow => Lowering::Narrow($narrow_name),)*
                $(Operator::$reduce => Lowering::Reduce($reduce_name),)*
                $(Operator::$low => Lowering::Widen { half: 0, routine: $widen_name },)*
                $(Operator::$high => Lowering::Widen { half: 1, routine: $widen_name },)*
                $(Operator::$product_low => Lowering::WidenBoth { half: 0, routine: $product_name },)*
                $(Operator::$product_high => Lowering::WidenBoth { half: 1, routine: $product_name },)*
                _ => return None,
            })
        }
    };
}

#[rustfmt::skip]
routines! {
    unary [
        I8x16Abs "i8x16.abs", I16x8Abs "i16x8.abs", I32x4Abs "i32x4.abs", I64x2Abs "i64x2.abs",
        I8x16Neg "i8x16.neg", I16x8Neg "i16x8.neg", I32x4Neg "i32x4.neg", I8x16Popcnt "i8x16.popcnt",
        I16x8ExtAddPairwiseI8x16S "i16x8.extadd_pairwise_i8x16_s",
        I16x8ExtAddPairwiseI8x16U "i16x8.extadd_pairwise_i8x16_u",
        I32x4ExtAddPairwiseI16x8S "i32x4.extadd_pairwise_i16x8_s",
        I32x4ExtAddPairwiseI16x8U "i32x4.extadd_pairwise_i16x8_u",
        F32x4Ceil "f32x4.ceil", F32x4Floor "f32x4.floor", F32x4Trunc "f32x4.trunc",
        F32x4Nearest "f32x4.nearest", F32x4Sqrt "f32x4.sqrt",
        F64x2Ceil "f64.ceil", F64x2Floor "f64.floor", F64x2Trunc "f64.trunc",
        F64x2Nearest "f64.nearest", F64x2Sqrt "f64.sqrt",
        F32x4ConvertI32x4S "f32x4.convert_i32x4_s", F32x4ConvertI32x4U "f32x4.convert_i32x4_u",
        I32x4TruncSatF32x4S "i32x4.trunc_sat_f32x4_s", I32x4TruncSatF32x4U "i32x4.trunc_sat_f32x4_u",
        I32x4RelaxedTruncF32x4S "i32x4.trunc_sat_f32x4_s", I32x4RelaxedTruncF32x4U "i32x4.trunc_sat_f32x4_u",
    ]
    binary [
        I8x16Add "i8x16.add", I16x8Add "i16x8.add", I32x4Add "i32x4.add",
        I8x16Sub "i8x16.sub", I16x8Sub "i16x8.sub", I32x4Sub "i32x4.sub",
        I8x16AddSatS "i8x16.add_sat_s", I8x16AddSatU "i8x16.add_sat_u",
        I16x8AddSatS "i16x8.add_sat_s", I16x8AddSatU "i16x8.add_sat_u",
        I8x16SubSatS "i8x16.sub_sat_s", I8x16SubSatU "i8x16.sub_sat_u",
        I16x8SubSatS "i16x8.sub_sat_s", I16x8SubSatU "i16x8.sub_sat_u",
        I8x16AvgrU "i8x16.avgr_u", I16x8AvgrU "i16x8.avgr_u",
        I8x16MinS "i8x16.min_s", I8x16MinU "i8x16.min_u", I8x16MaxS "i8x16.max_s", I8x16MaxU "i8x16.max_u",
        I16x8MinS "i16x8.min_s", I16x8MinU "i16x8.min_u", I16x8MaxS "i16x8.max_s", I16x8MaxU "i16x8.max_u",
        I32x4MinS "i32x4.min_s", I32x4MinU "i32x4.min_u", I32x4MaxS "i32x4.max_s", I32x4MaxU "i32x4.max_u",
        I16x8Mul "i16x8.mul", I32x4Mul "i32x4.mul", I32x4DotI16x8S "i32x4.dot_i16x8_s",
        I16x8Q15MulrSatS "i16x8.q15mulr_sat_s", I16x8RelaxedQ15mulrS "i16x8.q15mulr_sat_s",
        I16x8RelaxedDotI8x16I7x16S "i16x8.relaxed_dot_i8x16_i7x16_s",
        I8x16Eq "i8x16.eq", I16x8Eq "i16x8.eq", I32x4Eq "i32x4.eq",
        I8x16Ne "i8x16.ne", I16x8Ne "i16x8.ne", I32x4Ne "i32x4.ne",
        I8x16LtS "i8x16.lt_s", I8x16LtU "i8x16.lt_u", I8x16GeS "i8x16.ge_s", I8x16GeU "i8x16.ge_u",
        I16x8LtS "i16x8.lt_s", I16x8LtU "i16x8.lt_u", I16x8GeS "i16x8.ge_s", I16x8GeU "i16x8.ge_u",
        I32x4LtS "i32x4.lt_s", I32x4LtU "i32x4.lt_u", I32x4GeS "i32x4.ge_s", I32x4GeU "i32x4.ge_u",
        F32x4Add "f32x4.add", F32x4Sub "f32x4.sub", F32x4Mul "f32x4.mul", F32x4Div "f32x4.div",
        F32x4Min "f32x4.min", F32x4Max "f32x4.max", F32x4PMin "f32x4.pmin", F32x4PMax "f32x4.pmax",
        F32x4RelaxedMin "f32x4.min", F32x4RelaxedMax "f32x4.max",
        F64x2Add "f64.add", F64x2Sub "f64.sub", F64x2Mul "f64.mul", F64x2Div "f64.div",
        F64x2Min "f64.min", F64x2Max "f64.max", F64x2PMin "f64x2.pmin", F64x2PMax "f64x2.pmax",
        F64x2RelaxedMin "f64.min", F64x2RelaxedMax "f64.max",
        F32x4Eq "f32x4.eq", F32x4Ne "f32x4.ne", F32x4Lt "f32x4.lt", F32x4Le "f32x4.le",
        F64x2Eq "f64x2.eq", F64x2Ne "f64x2.ne", F64x2Lt "f64x2.lt", F64x2Le "f64x2.le",
    ]
    swapped [
        I8x16GtS "i8x16.lt_s", I8x16GtU "i8x16.lt_u", I8x16LeS "i8x16.ge_s", I8x16LeU "i8x16.ge_u",
        I16x8GtS "i16x8.lt_s", I16x8GtU "i16x8.lt_u", I16x8LeS "i16x8.ge_s", I16x8LeU "i16x8.ge_u",
        I32x4GtS "i32x4.lt_s", I32x4GtU "i32x4.lt_u", I32x4LeS "i32x4.ge_s", I32x4LeU "i32x4.ge_u",
        F32x4Gt "f32x4.lt", F32x4Ge "f32x4.le", F64x2Gt "f64x2.lt", F64x2Ge "f64x2.le",
    ]
    shift [
        I8x16Shl "i8x16.shl", I8x16ShrS "i8x16.shr_s", I8x16ShrU "i8x16.shr_u",
        I16x8Shl "i16x8.shl", I16x8ShrS "i16x8.shr_s", I16x8ShrU "i16x8.shr_u",
        I32x4Shl "i32x4.shl", I32x4ShrS "i32x4.shr_s", I32x4ShrU "i32x4.shr_u",
    ]
    narrow [
        I8x16NarrowI16x8S "i8x16.narrow_i16x8_s", I8x16NarrowI16x8U "i8x16.narrow_i16x8_u",
        I16x8NarrowI32x4S "i16x8.narrow_i32x4_s", I16x8NarrowI32x4U "i16x8.narrow_i32x4_u",
    ]
    reduce [
        I8x16AllTrue "i8x16.all_true", I16x8AllTrue "i16x8.all_true",
        I32x4AllTrue "i32x4.all_true", I64x2AllTrue "i64x2.all_true",
        I8x16Bitmask "i8x16.bitmask", I16x8Bitmask "i16x8.bitmask",
        I32x4Bitmask "i32x4.bitmask", I64x2Bitmask "i64x2.bitmask",
    ]
    widen [
        I16x8ExtendLowI8x16S I16x8ExtendHighI8x16S "i16x8.extend_i8x16_s",
        I16x8ExtendLowI8x16U I16x8ExtendHighI8x16U "i16x8.extend_i8x16_u",
        I32x4ExtendLowI16x8S I32x4ExtendHighI16x8S "i32x4.extend_i16x8_s",
        I32x4ExtendLowI16x8U I32x4ExtendHighI16x8U "i32x4.extend_i16x8_u",
    ]
    products [
        I16x8ExtMulLowI8x16S I16x8ExtMulHighI8x16S "i16x8.extmul_i8x16_s",
        I16x8ExtMulLowI8x16U I16x8ExtMulHighI8x16U "i16x8.extmul_i8x16_u",
        I32x4ExtMulLowI16x8S I32x4ExtMulHighI16x8S "i32x4.extmul_i16x8_s",
        I32x4ExtMulLowI16x8U I32x4ExtMulHighI16x8U "i32x4.extmul_i16x8_u",
        I64x2ExtMulLowI32x4S I64x2ExtMulHighI32x4S "i64x2.extmul_i32x4_s",
    ]
}

/// How a SIMD operator is lowered; `None` for every other one.
pub(in crate::translate) fn lowering(operator: &Operator<'_>) -> Option<Lowering> {
    routine(operator).or_else(|| instructions(operator)).or_else(|| lanes(operator)).or_else(|| memory(operator))
}

/// The operators that take a few instructions, or a routine in a form of its own.
fn instructions(operator: &Operator<'_>) -> Option<Lowering> {
    Some(match *operator {
        Operator::V128Const { value } => Lowering::Const(halves(value.bytes())),
        Operator::V128Not => Lowering::UnaryOp(Op::XorImm64, u64::MAX),
        Operator::F32x4Abs => Lowering::UnaryOp(Op::AndImm64, !SIGNS_32),
        Operator::F32x4Neg => Lowering::UnaryOp(Op::XorImm64, SIGNS_32),
        Operator::F64x2Abs => Lowering::UnaryOp(Op::AndImm64, !SIGN_64),
        Operator::F64x2Neg => Lowering::UnaryOp(Op::XorImm64, SIGN_64),
        Operator::I64x2Neg => Lowering::Negate,
        Operator::V128And => Lowering::BinaryOp(Op::And64),
        Operator::V128Or => Lowering::BinaryOp(Op::Or64),
        Operator::V128Xor => Lowering::BinaryOp(Op::Xor64),
        Operator::I64x2Add => Lowering::BinaryOp(Op::Add64),
        Operator::I64x2Sub => Lowering::BinaryOp(Op::Sub64),
        Operator::I64x2Mul => Lowering::BinaryOp(Op::Mul64),
        Operator::I64x2Eq => Lowering::MaskOp(Op::Ne64),
        Operator::I64x2Ne => Lowering::MaskOp(Op::Eq64),
        Operator::I64x2LtS => Lowering::MaskOp(Op::GeS64),
        Operator::I64x2GtS => Lowering::MaskOp(Op::LeS64),
        Operator::I64x2LeS => Lowering::MaskOp(Op::GtS64),
        Operator::I64x2GeS => Lowering::MaskOp(Op::LtS64),
        Operator::V128AndNot => Lowering::AndNot,
        Operator::V128Bitselect
        | Operator::I8x16RelaxedLaneselect
        | Operator::I16x8RelaxedLaneselect
        | Operator::I32x4RelaxedLaneselect
        | Operator::I64x2RelaxedLaneselect => Lowering::BitSelect,
        Operator::F32x4RelaxedMadd => Lowering::Ternary("f32x4.relaxed_madd"),
        Operator::F32x4RelaxedNmadd => Lowering::Ternary("f32x4.relaxed_nmadd"),
        Operator::F64x2RelaxedMadd => Lowering::Ternary("f64x2.relaxed_madd"),
        Operator::F64x2RelaxedNmadd => Lowering::Ternary("f64x2.relaxed_nmadd"),
        Operator::I32x4RelaxedDotI8x16I7x16AddS => Lowering::Ternary("i32x4.relaxed_dot_i8x16_i7x16_add_s"),
        Operator::I64x2Shl => Lowering::ShiftOp(Op::Shl64),
        Operator::I64x2ShrS => Lowering::ShiftOp(Op::ShrS64),
        Operator::I64x2ShrU => Lowering::ShiftOp(Op::ShrU64),
        Operator::I64x2ExtendLowI32x4S => Lowering::Extend { half: 0, signed: true },
        Operator::I64x2ExtendHighI32x4S => Lowering::Extend { half: 1, signed: true },
        Operator::I64x2ExtendLowI32x4U => Lowering::Extend { half: 0, signed: false },
        Operator::I64x2ExtendHighI32x4U => Lowering::Extend { half: 1, signed: false },
        Operator::I64x2ExtMulLowI32x4U => Lowering::Products { half: 0 },
        Operator::I64x2ExtMulHighI32x4U => Lowering::Products { half: 1 },
        Operator::F64x2PromoteLowF32x4 => Lowering::Widen { half: 0, routine: "f64.promote_f32" },
        Operator::F64x2ConvertLowI32x4S => Lowering::Widen { half: 0, routine: "f64.convert_i32_s" },
        Operator::F64x2ConvertLowI32x4U => Lowering::Widen { half: 0, routine: "f64.convert_i32_u" },
        Operator::F32x4DemoteF64x2Zero => Lowering::NarrowZero("f32x4.demote_f64x2_zero"),
        Operator::I32x4TruncSatF64x2SZero | Operator::I32x4RelaxedTruncF64x2SZero => {
            Lowering::NarrowZero("i32x4.trunc_sat_f64x2_s_zero")
        }
        Operator::I32x4TruncSatF64x2UZero | Operator::I32x4RelaxedTruncF64x2UZero => {
            Lowering::NarrowZero("i32x4.trunc_sat_f64x2_u_zero")
        }
        Operator::V128AnyTrue => Lowering::AnyTrue,
        _ => return None,
    })
}

/// The operators on single lanes and on their order.
fn lanes(operator: &Operator<'_>) -> Option<Lowering> {
    Some(match *operator {
        Operator::I8x16Splat => Lowering::Splat(8),
        Operator::I16x8Splat => Lowering::Splat(16),
        Operator::I32x4Splat | Operator::F32x4Splat => Lowering::Splat(32),
        Operator::I64x2Splat | Operator::F64x2Splat => Lowering::Splat(64),
        Operator::I8x16ExtractLaneS { lane } => Lowering::Extract { bits: 8, lane, signed: true },
        Operator::I8x16ExtractLaneU { lane } => Lowering::Extract { bits: 8, lane, signed: false },
        Operator::I16x8ExtractLaneS { lane } => Lowering::Extract { bits: 16, lane, signed: true },
        Operator::I16x8ExtractLaneU { lane } => Lowering::Extract { bits: 16, lane, signed: false },
        Operator::I32x4ExtractLane { lane } | Operator::F32x4ExtractLane { lane } => {
            Lowering::Extract { bits: 32, lane, signed: false }
        }
        Operator::I64x2ExtractLane { lane } | Operator::F64x2ExtractLane { lane } => {
            Lowering::Extract { bits: 64, lane, signed: false }
        }
        Operator::I8x16ReplaceLane { lane } => Lowering::Replace { bits: 8, lane },
        Operator::I16x8ReplaceLane { lane } => Lowering::Replace { bits: 16, lane },
        Operator::I32x4ReplaceLane { lane } | Operator::F32x4ReplaceLane { lane } => {
            Lowering::Replace { bits: 32, lane }
        }
        Operator::I64x2ReplaceLane { lane } | Operator::F64x2ReplaceLane { lane } => {
            Lowering::Replace { bits: 64, lane }
        }
        Operator::I8x16Swizzle | Operator::I8x16RelaxedSwizzle => Lowering::Swizzle("i8x16.swizzle"),
        Operator::I8x16Shuffle { lanes } => Lowering::Shuffle(lanes),
        _ => return None,
    })
}

/// Loads and stores.
fn memory(operator: &Operator<'_>) -> Option<Lowering> {
    Some(match *operator {
        Operator::V128Load { memarg } => Lowering::Load(memarg),
        Operator::V128Store { memarg } => Lowering::Store(memarg),
        Operator::V128Load8x8S { memarg } => Lowering::LoadWiden { argument: memarg, routine: "i16x8.extend_i8x16_s" },
        Operator::V128Load8x8U { memarg } => Lowering::LoadWiden { argument: memarg, routine: "i16x8.extend_i8x16_u" },
        Operator::V128Load16x4S { memarg } => Lowering::LoadWiden { argument: memarg, routine: "i32x4.extend_i16x8_s" },
        Operator::V128Load16x4U { memarg } => Lowering::LoadWiden { argument: memarg, routine: "i32x4.extend_i16x8_u" },
        Operator::V128Load32x2S { memarg } => Lowering::LoadExtend { argument: memarg, signed: true },
        Operator::V128Load32x2U { memarg } => Lowering::LoadExtend { argument: memarg, signed: false },
        Operator::V128Load8Splat { memarg } => Lowering::LoadSplat { argument: memarg, bits: 8 },
        Operator::V128Load16Splat { memarg } => Lowering::LoadSplat { argument: memarg, bits: 16 },
        Operator::V128Load32Splat { memarg } => Lowering::LoadSplat { argument: memarg, bits: 32 },
        Operator::V128Load64Splat { memarg } => Lowering::LoadSplat { argument: memarg, bits: 64 },
        Operator::V128Load32Zero { memarg } => Lowering::LoadZero { argument: memarg, bits: 32 },
        Operator::V128Load64Zero { memarg } => Lowering::LoadZero { argument: memarg, bits: 64 },
        Operator::V128Load8Lane { memarg, lane } => Lowering::LoadLane { argument: memarg, bits: 8, lane },
        Operator::V128Load16Lane { memarg, lane } => Lowering::LoadLane { argument: memarg, bits: 16, lane },
        Operator::V128Load32Lane { memarg, lane } => Lowering::LoadLane { argument: memarg, bits: 32, lane },
        Operator::V128Load64Lane { memarg, lane } => Lowering::LoadLane { argument: memarg, bits: 64, lane },
        Operator::V128Store8Lane { memarg, lane } => Lowering::StoreLane { argument: memarg, bits: 8, lane },
        Operator::V128Store16Lane { memarg, lane } => Lowering::StoreLane { argument: memarg, bits: 16, lane },
        Operator::V128Store32Lane { memarg, lane } => Lowering::StoreLane { argument: memarg, bits: 32, lane },
        Operator::V128Store64Lane { memarg, lane } => Lowering::StoreLane { argument: memarg, bits: 64, lane },
        _ => return None,
    })
}
