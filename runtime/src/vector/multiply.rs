//! Products of lanes.

use super::convert::{extend_8_s, extend_8_u};
use crate::lane::Lanes;

/// The low halves of the products of four lanes.
const fn mul_16(a: u64, b: u64) -> u64 {
    // Whatever is above a lane does not reach the low half of its product.
    (a.wrapping_mul(b) & 0xffff)
        | ((a & 0xffff << 16).wrapping_mul(b >> 16) & 0xffff << 16)
        | ((a & 0xffff << 32).wrapping_mul(b >> 32) & 0xffff << 32)
        | (a & 0xffff << 48).wrapping_mul(b >> 48)
}

const fn mul_32(a: u64, b: u64) -> u64 {
    (a.wrapping_mul(b) & 0xffff_ffff) | (a & 0xffff_ffff << 32).wrapping_mul(b >> 32)
}

/// A lane of 16 bits as a signed number.
const fn lane_16(a: u64, lane: u32) -> i32 {
    (a >> (16 * lane)) as i16 as i32
}

const fn dot_16(a: u64, b: u64, lane: u32) -> u32 {
    let even = lane_16(a, lane) * lane_16(b, lane);
    let odd = lane_16(a, lane + 1) * lane_16(b, lane + 1);
    even.wrapping_add(odd).cast_unsigned()
}

/// The product of two lanes as numbers with 15 fractional bits, rounded.
const fn q15(a: u64, b: u64, lane: u32) -> u64 {
    let product = (lane_16(a, lane) * lane_16(b, lane) + 0x4000) >> 15;
    // Only the product of the least numbers is out of range.
    let product = if product > 0x7fff { 0x7fff } else { product };
    (product as u16 as u64) << (16 * lane)
}

/// Sums of two products of signed bytes each.
const fn dot_8(a: u64, b: u64) -> u64 {
    let even = mul_16(Lanes::<8>::extend_even_s(a), Lanes::<8>::extend_even_s(b));
    let odd = mul_16(Lanes::<8>::extend_even_s(a >> 8), Lanes::<8>::extend_even_s(b >> 8));
    Lanes::<16>::add(even, odd)
}

routines! {
    "i16x8.mul", i16x8_mul(a: u64, b: u64) -> u64 { mul_16(a, b) }
    "i32x4.mul", i32x4_mul(a: u64, b: u64) -> u64 { mul_32(a, b) }
    "i16x8.q15mulr_sat_s", i16x8_q15mulr_sat_s(a: u64, b: u64) -> u64 {
        q15(a, b, 0) | q15(a, b, 1) | q15(a, b, 2) | q15(a, b, 3)
    }
    "i32x4.dot_i16x8_s", i32x4_dot_i16x8_s(a: u64, b: u64) -> u64 {
        u64::from(dot_16(a, b, 0)) | u64::from(dot_16(a, b, 2)) << 32
    }
    // From 32 bits of narrow lanes to one half of the products.
    "i16x8.extmul_i8x16_s", i16x8_extmul_i8x16_s(a: u32, b: u32) -> u64 { mul_16(extend_8_s(a), extend_8_s(b)) }
    "i16x8.extmul_i8x16_u", i16x8_extmul_i8x16_u(a: u32, b: u32) -> u64 { mul_16(extend_8_u(a), extend_8_u(b)) }
    "i32x4.extmul_i16x8_s", i32x4_extmul_i16x8_s(a: u32, b: u32) -> u64 {
        let low = i32::from(a as i16) * i32::from(b as i16);
        let high = (a.cast_signed() >> 16) * (b.cast_signed() >> 16);
        u64::from(low.cast_unsigned()) | u64::from(high.cast_unsigned()) << 32
    }
    "i32x4.extmul_i16x8_u", i32x4_extmul_i16x8_u(a: u32, b: u32) -> u64 {
        u64::from((a & 0xffff) * (b & 0xffff)) | u64::from((a >> 16) * (b >> 16)) << 32
    }
    "i64x2.extmul_i32x4_s", i64x2_extmul_i32x4_s(a: i32, b: i32) -> u64 {
        (i64::from(a) * i64::from(b)).cast_unsigned()
    }
    "i16x8.relaxed_dot_i8x16_i7x16_s", i16x8_relaxed_dot_i8x16_i7x16_s(a: u64, b: u64) -> u64 { dot_8(a, b) }
    "i32x4.relaxed_dot_i8x16_i7x16_add_s", i32x4_relaxed_dot_i8x16_i7x16_add_s(a: u64, b: u64, c: u64) -> u64 {
        Lanes::<32>::add(super::convert::i32x4_extadd_pairwise_i16x8_s(dot_8(a, b)), c)
    }
}
