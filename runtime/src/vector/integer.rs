//! Operators on integer lanes that have the same form for every width.

use crate::lane::Lanes;

macro_rules! lanes {
    ($module:ident, $name:literal, $bits:literal) => {
        #[doc = concat!("Operators of `", $name, "`.")]
        pub mod $module {
            use super::Lanes;

            routines! {
                concat!($name, ".add"), add(a: u64, b: u64) -> u64 { Lanes::<$bits>::add(a, b) }
                concat!($name, ".sub"), sub(a: u64, b: u64) -> u64 { Lanes::<$bits>::sub(a, b) }
                concat!($name, ".neg"), neg(a: u64) -> u64 { Lanes::<$bits>::neg(a) }
                concat!($name, ".abs"), abs(a: u64) -> u64 { Lanes::<$bits>::abs(a) }
                concat!($name, ".eq"), eq(a: u64, b: u64) -> u64 { Lanes::<$bits>::eq(a, b) }
                concat!($name, ".ne"), ne(a: u64, b: u64) -> u64 { Lanes::<$bits>::ne(a, b) }
                concat!($name, ".lt_s"), lt_s(a: u64, b: u64) -> u64 { Lanes::<$bits>::lt_s(a, b) }
                concat!($name, ".lt_u"), lt_u(a: u64, b: u64) -> u64 { Lanes::<$bits>::lt_u(a, b) }
                concat!($name, ".ge_s"), ge_s(a: u64, b: u64) -> u64 { Lanes::<$bits>::ge_s(a, b) }
                concat!($name, ".ge_u"), ge_u(a: u64, b: u64) -> u64 { Lanes::<$bits>::ge_u(a, b) }
                concat!($name, ".min_s"), min_s(a: u64, b: u64) -> u64 { Lanes::<$bits>::min_s(a, b) }
                concat!($name, ".min_u"), min_u(a: u64, b: u64) -> u64 { Lanes::<$bits>::min_u(a, b) }
                concat!($name, ".max_s"), max_s(a: u64, b: u64) -> u64 { Lanes::<$bits>::max_s(a, b) }
                concat!($name, ".max_u"), max_u(a: u64, b: u64) -> u64 { Lanes::<$bits>::max_u(a, b) }
                concat!($name, ".shl"), shl(a: u64, count: u32) -> u64 { Lanes::<$bits>::shl(a, count) }
                concat!($name, ".shr_s"), shr_s(a: u64, count: u32) -> u64 { Lanes::<$bits>::shr_s(a, count) }
                concat!($name, ".shr_u"), shr_u(a: u64, count: u32) -> u64 { Lanes::<$bits>::shr_u(a, count) }
            }
        }
    };
}

macro_rules! narrow_lanes {
    ($module:ident, $name:literal, $bits:literal) => {
        #[doc = concat!("More operators of `", $name, "`.")]
        pub mod $module {
            use super::Lanes;

            routines! {
                concat!($name, ".add_sat_s"), add_sat_s(a: u64, b: u64) -> u64 { Lanes::<$bits>::add_sat_s(a, b) }
                concat!($name, ".add_sat_u"), add_sat_u(a: u64, b: u64) -> u64 { Lanes::<$bits>::add_sat_u(a, b) }
                concat!($name, ".sub_sat_s"), sub_sat_s(a: u64, b: u64) -> u64 { Lanes::<$bits>::sub_sat_s(a, b) }
                concat!($name, ".sub_sat_u"), sub_sat_u(a: u64, b: u64) -> u64 { Lanes::<$bits>::sub_sat_u(a, b) }
                concat!($name, ".avgr_u"), avgr_u(a: u64, b: u64) -> u64 { Lanes::<$bits>::avgr_u(a, b) }
            }
        }
    };
}

lanes!(i8x16, "i8x16", 8);
lanes!(i16x8, "i16x8", 16);
lanes!(i32x4, "i32x4", 32);
narrow_lanes!(i8x16_narrow, "i8x16", 8);
narrow_lanes!(i16x8_narrow, "i16x8", 16);

routines! {
    "i8x16.popcnt", i8x16_popcnt(a: u64) -> u64 {
        let pairs = a - ((a >> 1) & 0x5555_5555_5555_5555);
        let nibbles = (pairs & 0x3333_3333_3333_3333) + ((pairs >> 2) & 0x3333_3333_3333_3333);
        (nibbles + (nibbles >> 4)) & 0x0f0f_0f0f_0f0f_0f0f
    }
    "i64x2.abs", i64x2_abs(a: u64) -> u64 { a.cast_signed().wrapping_abs().cast_unsigned() }
}
