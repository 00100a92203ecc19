//! Operators from two halves of a vector to one half with lanes of half the width.

use crate::float::convert;
use crate::lane::Lanes;

/// The low bytes of four lanes.
const fn pack_8(a: u64) -> u64 {
    let a = a & 0x00ff_00ff_00ff_00ff;
    let a = (a | a >> 8) & 0x0000_ffff_0000_ffff;
    (a | a >> 16) & 0xffff_ffff
}

const fn i8_from_i16(a: u64) -> u64 {
    pack_8(Lanes::<16>::min_s(Lanes::<16>::max_s(a, 0xff80_ff80_ff80_ff80), 0x007f_007f_007f_007f))
}

const fn u8_from_i16(a: u64) -> u64 {
    pack_8(Lanes::<16>::min_s(Lanes::<16>::max_s(a, 0), 0x00ff_00ff_00ff_00ff))
}

/// The lanes as signed numbers, low one first.
const fn i32_lanes(a: u64) -> [i32; 2] {
    [a as i32, (a >> 32) as i32]
}

const fn clamp(a: i32, least: i32, greatest: i32) -> i32 {
    let a = if a < least { least } else { a };
    if a > greatest { greatest } else { a }
}

const fn i16_from_i32(a: u64) -> u64 {
    let [low, high] = i32_lanes(a);
    (clamp(low, -0x8000, 0x7fff) as u16 as u64) | (clamp(high, -0x8000, 0x7fff) as u16 as u64) << 16
}

const fn u16_from_i32(a: u64) -> u64 {
    let [low, high] = i32_lanes(a);
    (clamp(low, 0, 0xffff) as u64) | (clamp(high, 0, 0xffff) as u64) << 16
}

const fn pair(low: u32, high: u32) -> u64 {
    low as u64 | (high as u64) << 32
}

routines! {
    "i8x16.narrow_i16x8_s", i8x16_narrow_i16x8_s(low: u64, high: u64) -> u64 {
        i8_from_i16(low) | i8_from_i16(high) << 32
    }
    "i8x16.narrow_i16x8_u", i8x16_narrow_i16x8_u(low: u64, high: u64) -> u64 {
        u8_from_i16(low) | u8_from_i16(high) << 32
    }
    "i16x8.narrow_i32x4_s", i16x8_narrow_i32x4_s(low: u64, high: u64) -> u64 {
        i16_from_i32(low) | i16_from_i32(high) << 32
    }
    "i16x8.narrow_i32x4_u", i16x8_narrow_i32x4_u(low: u64, high: u64) -> u64 {
        u16_from_i32(low) | u16_from_i32(high) << 32
    }
    "f32x4.demote_f64x2_zero", f32x4_demote_f64x2_zero(low: u64, high: u64) -> u64 {
        pair(convert::f32_demote_f64(low), convert::f32_demote_f64(high))
    }
    "i32x4.trunc_sat_f64x2_s_zero", i32x4_trunc_sat_f64x2_s_zero(low: u64, high: u64) -> u64 {
        pair(
            convert::i32_trunc_sat_f64_s(low).cast_unsigned(),
            convert::i32_trunc_sat_f64_s(high).cast_unsigned(),
        )
    }
    "i32x4.trunc_sat_f64x2_u_zero", i32x4_trunc_sat_f64x2_u_zero(low: u64, high: u64) -> u64 {
        pair(convert::i32_trunc_sat_f64_u(low), convert::i32_trunc_sat_f64_u(high))
    }
}
