//! The operators that compute with floats. They do not compile yet.

use wasmparser::Operator;

macro_rules! names {
    ($($variant:ident $text:literal,)*) => {
        /// The name of an operator that computes with floats; `None` for every other one.
        pub(super) fn name(operator: &Operator<'_>) -> Option<&'static str> {
            match operator {
                $(Operator::$variant => Some($text),)*
                _ => None,
            }
        }
    };
}

names! {
    F32Eq "f32.eq", F32Ne "f32.ne", F32Lt "f32.lt", F32Gt "f32.gt", F32Le "f32.le", F32Ge "f32.ge",
    F64Eq "f64.eq", F64Ne "f64.ne", F64Lt "f64.lt", F64Gt "f64.gt", F64Le "f64.le", F64Ge "f64.ge",
    F32Abs "f32.abs", F32Neg "f32.neg", F32Ceil "f32.ceil", F32Floor "f32.floor", F32Trunc "f32.trunc",
    F32Nearest "f32.nearest", F32Sqrt "f32.sqrt", F32Add "f32.add", F32Sub "f32.sub", F32Mul "f32.mul",
    F32Div "f32.div", F32Min "f32.min", F32Max "f32.max", F32Copysign "f32.copysign",
    F64Abs "f64.abs", F64Neg "f64.neg", F64Ceil "f64.ceil", F64Floor "f64.floor", F64Trunc "f64.trunc",
    F64Nearest "f64.nearest", F64Sqrt "f64.sqrt", F64Add "f64.add", F64Sub "f64.sub", F64Mul "f64.mul",
    F64Div "f64.div", F64Min "f64.min", F64Max "f64.max", F64Copysign "f64.copysign",
    I32TruncF32S "i32.trunc_f32_s", I32TruncF32U "i32.trunc_f32_u",
    I32TruncF64S "i32.trunc_f64_s", I32TruncF64U "i32.trunc_f64_u",
    I64TruncF32S "i64.trunc_f32_s", I64TruncF32U "i64.trunc_f32_u",
    I64TruncF64S "i64.trunc_f64_s", I64TruncF64U "i64.trunc_f64_u",
    I32TruncSatF32S "i32.trunc_sat_f32_s", I32TruncSatF32U "i32.trunc_sat_f32_u",
    I32TruncSatF64S "i32.trunc_sat_f64_s", I32TruncSatF64U "i32.trunc_sat_f64_u",
    I64TruncSatF32S "i64.trunc_sat_f32_s", I64TruncSatF32U "i64.trunc_sat_f32_u",
    I64TruncSatF64S "i64.trunc_sat_f64_s", I64TruncSatF64U "i64.trunc_sat_f64_u",
    F32ConvertI32S "f32.convert_i32_s", F32ConvertI32U "f32.convert_i32_u",
    F32ConvertI64S "f32.convert_i64_s", F32ConvertI64U "f32.convert_i64_u",
    F64ConvertI32S "f64.convert_i32_s", F64ConvertI32U "f64.convert_i32_u",
    F64ConvertI64S "f64.convert_i64_s", F64ConvertI64U "f64.convert_i64_u",
    F32DemoteF64 "f32.demote_f64", F64PromoteF32 "f64.promote_f32",
}
