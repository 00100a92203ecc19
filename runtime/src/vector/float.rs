//! Operators on float lanes. Those of `f64x2` that have a scalar operator of the same name for a half are not here.

use crate::float::{convert, double, single};

const fn pair(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

const fn low(a: u64) -> u32 {
    a as u32
}

const fn high(a: u64) -> u32 {
    (a >> 32) as u32
}

fn each(a: u64, operator: impl Fn(u32) -> u32) -> u64 {
    pair(operator(low(a)), operator(high(a)))
}

fn both(a: u64, b: u64, operator: impl Fn(u32, u32) -> u32) -> u64 {
    pair(operator(low(a), low(b)), operator(high(a), high(b)))
}

fn compare(a: u64, b: u64, operator: impl Fn(u32, u32) -> u32) -> u64 {
    both(a, b, |a, b| operator(a, b).wrapping_neg())
}

fn compare_f64(a: u64, b: u64, operator: impl Fn(u64, u64) -> u32) -> u64 {
    u64::from(operator(a, b)).wrapping_neg()
}

const SIGNS: u64 = 0x8000_0000_8000_0000;
const SIGN_F64: u64 = 1 << 63;

routines! {
    "f32x4.add", f32x4_add(a: u64, b: u64) -> u64 { both(a, b, |a, b| single::add(a, b)) }
    "f32x4.sub", f32x4_sub(a: u64, b: u64) -> u64 { both(a, b, |a, b| single::sub(a, b)) }
    "f32x4.mul", f32x4_mul(a: u64, b: u64) -> u64 { both(a, b, |a, b| single::mul(a, b)) }
    "f32x4.div", f32x4_div(a: u64, b: u64) -> u64 { both(a, b, |a, b| single::div(a, b)) }
    "f32x4.min", f32x4_min(a: u64, b: u64) -> u64 { both(a, b, |a, b| single::min(a, b)) }
    "f32x4.max", f32x4_max(a: u64, b: u64) -> u64 { both(a, b, |a, b| single::max(a, b)) }
    "f32x4.pmin", f32x4_pmin(a: u64, b: u64) -> u64 {
        both(a, b, |a, b| if single::lt(b, a) != 0 { b } else { a })
    }
    "f32x4.pmax", f32x4_pmax(a: u64, b: u64) -> u64 {
        both(a, b, |a, b| if single::lt(a, b) != 0 { b } else { a })
    }
    "f32x4.sqrt", f32x4_sqrt(a: u64) -> u64 { each(a, |a| single::sqrt(a)) }
    "f32x4.ceil", f32x4_ceil(a: u64) -> u64 { each(a, |a| single::ceil(a)) }
    "f32x4.floor", f32x4_floor(a: u64) -> u64 { each(a, |a| single::floor(a)) }
    "f32x4.trunc", f32x4_trunc(a: u64) -> u64 { each(a, |a| single::trunc(a)) }
    "f32x4.nearest", f32x4_nearest(a: u64) -> u64 { each(a, |a| single::nearest(a)) }
    "f32x4.eq", f32x4_eq(a: u64, b: u64) -> u64 { compare(a, b, |a, b| single::eq(a, b)) }
    "f32x4.ne", f32x4_ne(a: u64, b: u64) -> u64 { compare(a, b, |a, b| single::ne(a, b)) }
    "f32x4.lt", f32x4_lt(a: u64, b: u64) -> u64 { compare(a, b, |a, b| single::lt(a, b)) }
    "f32x4.le", f32x4_le(a: u64, b: u64) -> u64 { compare(a, b, |a, b| single::le(a, b)) }

    "f64x2.pmin", f64x2_pmin(a: u64, b: u64) -> u64 { if double::lt(b, a) != 0 { b } else { a } }
    "f64x2.pmax", f64x2_pmax(a: u64, b: u64) -> u64 { if double::lt(a, b) != 0 { b } else { a } }
    "f64x2.eq", f64x2_eq(a: u64, b: u64) -> u64 { compare_f64(a, b, |a, b| double::eq(a, b)) }
    "f64x2.ne", f64x2_ne(a: u64, b: u64) -> u64 { compare_f64(a, b, |a, b| double::ne(a, b)) }
    "f64x2.lt", f64x2_lt(a: u64, b: u64) -> u64 { compare_f64(a, b, |a, b| double::lt(a, b)) }
    "f64x2.le", f64x2_le(a: u64, b: u64) -> u64 { compare_f64(a, b, |a, b| double::le(a, b)) }

    "f32x4.convert_i32x4_s", f32x4_convert_i32x4_s(a: u64) -> u64 {
        each(a, |a| convert::f32_convert_i32_s(a.cast_signed()))
    }
    "f32x4.convert_i32x4_u", f32x4_convert_i32x4_u(a: u64) -> u64 { each(a, |a| convert::f32_convert_i32_u(a)) }
    "i32x4.trunc_sat_f32x4_s", i32x4_trunc_sat_f32x4_s(a: u64) -> u64 {
        each(a, |a| convert::i32_trunc_sat_f32_s(a).cast_unsigned())
    }
    "i32x4.trunc_sat_f32x4_u", i32x4_trunc_sat_f32x4_u(a: u64) -> u64 {
        each(a, |a| convert::i32_trunc_sat_f32_u(a))
    }

    // The product and the sum are rounded apart, which the relaxed operators allow.
    "f32x4.relaxed_madd", f32x4_relaxed_madd(a: u64, b: u64, c: u64) -> u64 { f32x4_add(f32x4_mul(a, b), c) }
    "f32x4.relaxed_nmadd", f32x4_relaxed_nmadd(a: u64, b: u64, c: u64) -> u64 {
        f32x4_add(f32x4_mul(a ^ SIGNS, b), c)
    }
    "f64x2.relaxed_madd", f64x2_relaxed_madd(a: u64, b: u64, c: u64) -> u64 { double::add(double::mul(a, b), c) }
    "f64x2.relaxed_nmadd", f64x2_relaxed_nmadd(a: u64, b: u64, c: u64) -> u64 {
        double::add(double::mul(a ^ SIGN_F64, b), c)
    }
}
