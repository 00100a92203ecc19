//! Operators from lanes to lanes of twice the width: the 32 bits of four or two narrow lanes become one half of a
//! vector.

const fn spread_8(a: u32) -> u64 {
    let a = a as u64;
    let a = (a | a << 16) & 0x0000_ffff_0000_ffff;
    (a | a << 8) & 0x00ff_00ff_00ff_00ff
}

const fn spread_16(a: u32) -> u64 {
    let a = a as u64;
    (a | a << 16) & 0x0000_ffff_0000_ffff
}

/// The four bytes, sign-extended to 16 bits.
pub(crate) const fn extend_8_s(a: u32) -> u64 {
    crate::lane::Lanes::<8>::extend_even_s(spread_8(a))
}

/// The four bytes, zero-extended to 16 bits.
pub(crate) const fn extend_8_u(a: u32) -> u64 {
    spread_8(a)
}

routines! {
    "i16x8.extend_i8x16_s", i16x8_extend_i8x16_s(a: u32) -> u64 { extend_8_s(a) }
    "i16x8.extend_i8x16_u", i16x8_extend_i8x16_u(a: u32) -> u64 { extend_8_u(a) }
    "i32x4.extend_i16x8_s", i32x4_extend_i16x8_s(a: u32) -> u64 {
        (a as i16 as u32 as u64) | ((a.cast_signed() >> 16) as u32 as u64) << 32
    }
    "i32x4.extend_i16x8_u", i32x4_extend_i16x8_u(a: u32) -> u64 { spread_16(a) }
    // Sums of two neighbouring lanes, for a whole half.
    "i16x8.extadd_pairwise_i8x16_s", i16x8_extadd_pairwise_i8x16_s(a: u64) -> u64 {
        // With the sign bits inverted the lanes are larger by 128 and positive. Subtracting 256 again is adding
        // 0xff00, in two steps that do not carry.
        let a = a ^ 0x8080_8080_8080_8080;
        (sum_pairs_8(a) + 0x7f00_7f00_7f00_7f00) ^ 0x8000_8000_8000_8000
    }
    "i16x8.extadd_pairwise_i8x16_u", i16x8_extadd_pairwise_i8x16_u(a: u64) -> u64 { sum_pairs_8(a) }
    "i32x4.extadd_pairwise_i16x8_s", i32x4_extadd_pairwise_i16x8_s(a: u64) -> u64 {
        let a = a ^ 0x8000_8000_8000_8000;
        (sum_pairs_16(a) + 0x7fff_0000_7fff_0000) ^ 0x8000_0000_8000_0000
    }
    "i32x4.extadd_pairwise_i16x8_u", i32x4_extadd_pairwise_i16x8_u(a: u64) -> u64 { sum_pairs_16(a) }
}

const fn sum_pairs_8(a: u64) -> u64 {
    (a & 0x00ff_00ff_00ff_00ff) + ((a >> 8) & 0x00ff_00ff_00ff_00ff)
}

const fn sum_pairs_16(a: u64) -> u64 {
    (a & 0x0000_ffff_0000_ffff) + ((a >> 16) & 0x0000_ffff_0000_ffff)
}
