//! Operators that look at both halves of a vector: the low half comes first.

use crate::lane::Lanes;

/// The highest bits of the lanes of 8 bits, gathered.
const fn gather_8(a: u64) -> u32 {
    // Each summand brings the bit of one lane to its place in the top byte, and no two meet.
    (((a & Lanes::<8>::HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) as u32
}

/// The highest bits of the lanes of 16 bits, gathered.
const fn gather_16(a: u64) -> u32 {
    (((a & Lanes::<16>::HIGH) >> 15).wrapping_mul(1 << 60 | 1 << 45 | 1 << 30 | 1 << 15) >> 60) as u32
}

/// The highest bits of the lanes of 32 bits, gathered.
const fn gather_32(a: u64) -> u32 {
    ((a >> 31) & 1 | (a >> 62) & 2) as u32
}

routines! {
    "i8x16.all_true", i8x16_all_true(low: u64, high: u64) -> u32 { Lanes::<8>::all_true(low, high).into() }
    "i16x8.all_true", i16x8_all_true(low: u64, high: u64) -> u32 { Lanes::<16>::all_true(low, high).into() }
    "i32x4.all_true", i32x4_all_true(low: u64, high: u64) -> u32 { Lanes::<32>::all_true(low, high).into() }
    "i64x2.all_true", i64x2_all_true(low: u64, high: u64) -> u32 { ((low != 0) & (high != 0)).into() }
    "i8x16.bitmask", i8x16_bitmask(low: u64, high: u64) -> u32 { gather_8(low) | gather_8(high) << 8 }
    "i16x8.bitmask", i16x8_bitmask(low: u64, high: u64) -> u32 { gather_16(low) | gather_16(high) << 4 }
    "i32x4.bitmask", i32x4_bitmask(low: u64, high: u64) -> u32 { gather_32(low) | gather_32(high) << 2 }
    "i64x2.bitmask", i64x2_bitmask(low: u64, high: u64) -> u32 { (low >> 63 | (high >> 62) & 2) as u32 }
    // The vector's bytes at the indices in the third word.
    "i8x16.swizzle", i8x16_swizzle(low: u64, high: u64, indices: u64) -> u64 {
        let byte = |lane: u32| {
            let index = indices >> (8 * lane);
            let half = if index & 8 == 0 { low } else { high };
            ((half >> ((index & 7) << 3)) & 0xff) << (8 * lane)
        };
        let bytes = byte(0) | byte(1) | byte(2) | byte(3) | byte(4) | byte(5) | byte(6) | byte(7);
        bytes & Lanes::<8>::eq(indices & 0xf0f0_f0f0_f0f0_f0f0, 0)
    }
}
