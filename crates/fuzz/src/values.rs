//! Values of WebAssembly types as register values: their edges, random ones, and their text.

use provasm_program::ValType;
use provasm_testkit::Random;

/// 32-bit integers around which mistakes happen, and the same as the bounds of conversions.
const EDGES_32: &[u32] = &[
    0,
    1,
    2,
    3,
    7,
    8,
    15,
    16,
    31,
    32,
    33,
    63,
    64,
    0x7f,
    0x80,
    0xff,
    0x100,
    0x7fff,
    0x8000,
    0xffff,
    0x1_0000,
    0x00ff_00ff,
    0x5555_5555,
    0xaaaa_aaaa,
    0x7fff_fffe,
    0x7fff_ffff,
    0x8000_0000,
    0x8000_0001,
    0xffff_8000,
    0xffff_ff7f,
    0xffff_ff80,
    0xffff_fffe,
    0xffff_ffff,
];

/// 64-bit integers around which mistakes happen.
const EDGES_64: &[u64] = &[
    0x7fff_ffff,
    0x8000_0000,
    0xffff_ffff,
    0x1_0000_0000,
    0x1_0000_0001,
    0xffff_ffff_7fff_ffff,
    0xffff_ffff_8000_0000,
    0x0000_ffff_0000_ffff,
    0x8000_8000_8000_8000,
    0x7fff_7fff_7fff_7fff,
    0x8080_8080_8080_8080,
    0x7f7f_7f7f_7f7f_7f7f,
    0x0020_0000_0000_0000,
    0x0020_0000_0000_0001,
    0x7fff_ffff_ffff_fbff,
    0x7fff_ffff_ffff_fffe,
    0x7fff_ffff_ffff_ffff,
    0x8000_0000_0000_0000,
    0x8000_0000_0000_0001,
    0xffff_ffff_ffff_fffe,
    0xffff_ffff_ffff_ffff,
];

/// Numbers whose floats are edges: of rounding, of conversions to integers, of the formats.
const EDGES_FLOAT: &[f64] = &[
    0.0,
    0.25,
    0.5,
    0.75,
    1.0,
    1.5,
    2.0,
    2.5,
    3.0,
    127.0,
    127.5,
    128.0,
    255.0,
    255.5,
    256.0,
    32_767.5,
    32_768.0,
    65_535.5,
    65_536.0,
    8_388_607.5,
    8_388_608.0,
    16_777_215.0,
    16_777_216.0,
    16_777_217.0,
    2_147_483_520.0,
    2_147_483_647.0,
    2_147_483_647.5,
    2_147_483_648.0,
    2_147_483_648.5,
    2_147_483_649.0,
    4_294_967_040.0,
    4_294_967_295.0,
    4_294_967_295.5,
    4_294_967_296.0,
    4_503_599_627_370_495.5,
    4_503_599_627_370_496.0,
    9_007_199_254_740_991.0,
    9_007_199_254_740_992.0,
    9_223_371_487_098_961_920.0,
    9_223_372_036_854_774_784.0,
    9_223_372_036_854_775_808.0,
    9_223_373_136_366_403_584.0,
    18_446_742_974_197_923_840.0,
    18_446_744_073_709_549_568.0,
    18_446_744_073_709_551_616.0,
    1.175_494_350_822_287_5e-38,
    1.175_494_210_692_441e-38,
    1.401_298_464_324_817e-45,
    3.402_823_466_385_288_6e38,
    3.402_823_567_797_337e38,
    2.225_073_858_507_201_4e-308,
    2.225_073_858_507_201e-308,
    5e-324,
    1.797_693_134_862_315_7e308,
    std::f64::consts::PI,
    f64::INFINITY,
];

/// NaNs: canonical, with payloads, signalling.
const NANS_32: &[u32] = &[0x7fc0_0000, 0x7fc0_0001, 0x7fff_ffff, 0x7f80_0001, 0x7fa0_0000, 0x7fbf_ffff];
/// As [`NANS_32`].
const NANS_64: &[u64] = &[
    0x7ff8_0000_0000_0000,
    0x7ff8_0000_0000_0001,
    0x7fff_ffff_ffff_ffff,
    0x7ff0_0000_0000_0001,
    0x7ff4_0000_0000_0000,
    0x7ff7_ffff_ffff_ffff,
];

fn pick<T: Copy>(random: &mut Random, from: &[T]) -> T {
    from[random.below(from.len())]
}

/// Random bits of which any number of the upper ones are cut off.
fn bits(random: &mut Random) -> u64 {
    let bits = random.next_u64();
    if random.below(2) == 0 { bits } else { bits >> random.below(64) }
}

fn int_32(random: &mut Random) -> u32 {
    match random.below(4) {
        0 | 1 => pick(random, EDGES_32),
        2 => bits(random) as u32,
        _ => 1_u32.rotate_left(random.below(32) as u32).wrapping_add(random.below(3) as u32).wrapping_sub(1),
    }
}

fn int_64(random: &mut Random) -> u64 {
    match random.below(5) {
        0 => i64::from(int_32(random).cast_signed()).cast_unsigned(),
        1 | 2 => pick(random, EDGES_64),
        3 => bits(random),
        _ => 1_u64.rotate_left(random.below(64) as u32).wrapping_add(random.below(3) as u64).wrapping_sub(1),
    }
}

fn float_32(random: &mut Random) -> u32 {
    let sign = (random.below(2) as u32) << 31;
    let magnitude = match random.below(8) {
        0 => pick(random, NANS_32),
        1..=3 => (pick(random, EDGES_FLOAT) as f32).to_bits(),
        // One unit in the last place beside an edge.
        4 => (pick(random, EDGES_FLOAT) as f32).to_bits().wrapping_add(random.below(3) as u32).wrapping_sub(1),
        // Around one, where additions and rounding have work to do.
        5 => (random.next_u64() as u32 & 0x007f_ffff) | ((115 + random.below(40) as u32) << 23),
        6 => random.next_u64() as u32 & 0x007f_ffff,
        _ => random.next_u64() as u32,
    };
    magnitude & 0x7fff_ffff | sign
}

fn float_64(random: &mut Random) -> u64 {
    let sign = (random.below(2) as u64) << 63;
    let magnitude = match random.below(8) {
        0 => pick(random, NANS_64),
        1..=3 => pick(random, EDGES_FLOAT).to_bits(),
        4 => pick(random, EDGES_FLOAT).to_bits().wrapping_add(random.below(3) as u64).wrapping_sub(1),
        5 => (random.next_u64() & 0x000f_ffff_ffff_ffff) | ((1000 + random.below(90) as u64) << 52),
        6 => random.next_u64() & 0x000f_ffff_ffff_ffff,
        _ => random.next_u64(),
    };
    magnitude & !(1 << 63) | sign
}

/// Vectors of one lane shape, so that each shape's edges meet each operator.
fn vector(random: &mut Random) -> [u64; 2] {
    let shape = random.below(6);
    std::array::from_fn(|_| match shape {
        0 => (0..8).fold(0, |half, _| half << 8 | u64::from(int_32(random) & 0xff)),
        1 => (0..4).fold(0, |half, _| half << 16 | u64::from(int_32(random) & 0xffff)),
        2 => (0..2).fold(0, |half, _| half << 32 | u64::from(int_32(random))),
        3 => int_64(random),
        4 => (0..2).fold(0, |half, _| half << 32 | u64::from(float_32(random))),
        _ => float_64(random),
    })
}

/// A value of a type, an edge more often than not; references are null.
#[must_use]
pub(crate) fn random_value(random: &mut Random, value_type: ValType) -> Vec<u64> {
    match value_type {
        ValType::I32 => vec![u64::from(int_32(random))],
        ValType::I64 => vec![int_64(random)],
        ValType::F32 => vec![u64::from(float_32(random))],
        ValType::F64 => vec![float_64(random)],
        ValType::V128 => vector(random).to_vec(),
        ValType::FuncRef | ValType::ExternRef => vec![0],
    }
}

/// The constant instruction of a value, folded.
#[must_use]
pub(crate) fn constant(value_type: ValType, registers: &[u64]) -> String {
    let (low, high) = (registers.first().copied().unwrap_or(0), registers.get(1).copied().unwrap_or(0));
    match value_type {
        ValType::I32 => format!("(i32.const {})", (low as u32).cast_signed()),
        ValType::I64 => format!("(i64.const {})", low.cast_signed()),
        ValType::F32 => {
            let value = f32::from_bits(low as u32);
            let payload = u64::from(value.to_bits() & 0x007f_ffff);
            format!("(f32.const {})", float_text(value.into(), payload, &format!("{:?}", value.abs())))
        }
        ValType::F64 => {
            let value = f64::from_bits(low);
            let payload = low & 0x000f_ffff_ffff_ffff;
            format!("(f64.const {})", float_text(value, payload, &format!("{:?}", value.abs())))
        }
        ValType::V128 => format!("(v128.const i64x2 {} {})", low.cast_signed(), high.cast_signed()),
        ValType::FuncRef => "(ref.null func)".to_owned(),
        ValType::ExternRef => "(ref.null extern)".to_owned(),
    }
}

fn float_text(value: f64, payload: u64, digits: &str) -> String {
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_nan() {
        format!("{sign}nan:{payload:#x}")
    } else if value.is_infinite() {
        format!("{sign}inf")
    } else {
        format!("{sign}{digits}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text of a constant gives its bits back.
    #[test]
    fn constants_keep_their_bits() {
        let mut random = Random::new(1);
        for _ in 0..2000 {
            for value_type in [ValType::I32, ValType::I64, ValType::F32, ValType::F64, ValType::V128] {
                let value = random_value(&mut random, value_type);
                let text = format!("(module (global {} {}))", value_type.name(), constant(value_type, &value));
                let wasm = wat::parse_str(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                let bytes: Vec<u8> = value.iter().flat_map(|register| register.to_le_bytes()).collect();
                match value_type {
                    ValType::F32 => assert!(wasm.ends_with(&[&bytes[..4], &[0x0b]].concat()), "{text}"),
                    ValType::F64 | ValType::V128 => assert!(wasm.ends_with(&[&bytes[..], &[0x0b]].concat()), "{text}"),
                    _ => {}
                }
            }
        }
    }
}
