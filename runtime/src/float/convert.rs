//! Conversions between floats, and between floats and integers.
//!
//! A truncation that traps is a check, which tells whether it traps and how, and the saturating truncation. A check
//! gives 0 where there is a result, 1 for a NaN and 2 where the result is out of range.

use soft_float::float::{conv, extend, trunc};

use super::{double, single};

routines! {
    "f32.demote_f64", f32_demote_f64(a: u64) -> u32 {
        single::canonical(trunc::__truncdfsf2(f64::from_bits(a)).to_bits())
    }
    "f64.promote_f32", f64_promote_f32(a: u32) -> u64 {
        double::canonical(extend::__extendsfdf2(f32::from_bits(a)).to_bits())
    }

    "f32.convert_i32_s", f32_convert_i32_s(a: i32) -> u32 { conv::__floatsisf(a).to_bits() }
    "f32.convert_i32_u", f32_convert_i32_u(a: u32) -> u32 { conv::__floatunsisf(a).to_bits() }
    "f32.convert_i64_s", f32_convert_i64_s(a: i64) -> u32 { conv::__floatdisf(a).to_bits() }
    "f32.convert_i64_u", f32_convert_i64_u(a: u64) -> u32 { conv::__floatundisf(a).to_bits() }
    "f64.convert_i32_s", f64_convert_i32_s(a: i32) -> u64 { conv::__floatsidf(a).to_bits() }
    "f64.convert_i32_u", f64_convert_i32_u(a: u32) -> u64 { conv::__floatunsidf(a).to_bits() }
    "f64.convert_i64_s", f64_convert_i64_s(a: i64) -> u64 { conv::__floatdidf(a).to_bits() }
    "f64.convert_i64_u", f64_convert_i64_u(a: u64) -> u64 { conv::__floatundidf(a).to_bits() }

    "i32.trunc_sat_f32_s", i32_trunc_sat_f32_s(a: u32) -> i32 { conv::__fixsfsi(f32::from_bits(a)) }
    "i32.trunc_sat_f32_u", i32_trunc_sat_f32_u(a: u32) -> u32 { conv::__fixunssfsi(f32::from_bits(a)) }
    "i32.trunc_sat_f64_s", i32_trunc_sat_f64_s(a: u64) -> i32 { conv::__fixdfsi(f64::from_bits(a)) }
    "i32.trunc_sat_f64_u", i32_trunc_sat_f64_u(a: u64) -> u32 { conv::__fixunsdfsi(f64::from_bits(a)) }
    "i64.trunc_sat_f32_s", i64_trunc_sat_f32_s(a: u32) -> i64 { conv::__fixsfdi(f32::from_bits(a)) }
    "i64.trunc_sat_f32_u", i64_trunc_sat_f32_u(a: u32) -> u64 { conv::__fixunssfdi(f32::from_bits(a)) }
    "i64.trunc_sat_f64_s", i64_trunc_sat_f64_s(a: u64) -> i64 { conv::__fixdfdi(f64::from_bits(a)) }
    "i64.trunc_sat_f64_u", i64_trunc_sat_f64_u(a: u64) -> u64 { conv::__fixunsdfdi(f64::from_bits(a)) }

    "i32.trunc_f32_s.check", i32_trunc_f32_s_check(a: u32) -> u32 {
        single::check(a, f32::to_bits(2_147_483_648.0), f32::to_bits(2_147_483_648.0) + 1)
    }
    "i32.trunc_f32_u.check", i32_trunc_f32_u_check(a: u32) -> u32 {
        single::check(a, f32::to_bits(4_294_967_296.0), f32::to_bits(1.0))
    }
    "i32.trunc_f64_s.check", i32_trunc_f64_s_check(a: u64) -> u32 {
        double::check(a, f64::to_bits(2_147_483_648.0), f64::to_bits(2_147_483_649.0))
    }
    "i32.trunc_f64_u.check", i32_trunc_f64_u_check(a: u64) -> u32 {
        double::check(a, f64::to_bits(4_294_967_296.0), f64::to_bits(1.0))
    }
    "i64.trunc_f32_s.check", i64_trunc_f32_s_check(a: u32) -> u32 {
        single::check(a, f32::to_bits(9_223_372_036_854_775_808.0), f32::to_bits(9_223_372_036_854_775_808.0) + 1)
    }
    "i64.trunc_f32_u.check", i64_trunc_f32_u_check(a: u32) -> u32 {
        single::check(a, f32::to_bits(18_446_744_073_709_551_616.0), f32::to_bits(1.0))
    }
    "i64.trunc_f64_s.check", i64_trunc_f64_s_check(a: u64) -> u32 {
        double::check(a, f64::to_bits(9_223_372_036_854_775_808.0), f64::to_bits(9_223_372_036_854_775_808.0) + 1)
    }
    "i64.trunc_f64_u.check", i64_trunc_f64_u_check(a: u64) -> u32 {
        double::check(a, f64::to_bits(18_446_744_073_709_551_616.0), f64::to_bits(1.0))
    }
}
