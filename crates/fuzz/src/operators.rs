//! The operators whose lowering is fuzzed one by one: a table of groups with one signature each.
//!
//! A test compares it with the validator's list: every numeric, memory and SIMD operator is here.

use provasm_program::ValType;
use provasm_testkit::Random;

use ValType::{F32, F64, I32, I64, V128};

/// What stands in an operator's text beside its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Immediate {
    /// Nothing.
    None,
    /// A lane below this number.
    Lane(usize),
    /// Sixteen lanes of two vectors.
    Shuffle,
    /// The memory; the first operand is an address, an offset can be given.
    Offset,
    /// As [`Immediate::Offset`], and a lane below this number.
    OffsetLane(usize),
    /// The memory; the first operand is an address.
    Memory,
    /// The memory, for a segment's operator: the passive segment of the module.
    Segment,
}

impl Immediate {
    /// Whether the operator's module has a memory.
    #[must_use]
    pub const fn needs_memory(self) -> bool {
        !matches!(self, Immediate::None | Immediate::Lane(_) | Immediate::Shuffle)
    }
}

/// An operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// Name in the text format.
    pub name: &'static str,
    /// Operand types.
    pub params: &'static [ValType],
    /// Result types.
    pub results: &'static [ValType],
    /// Immediates.
    pub immediate: Immediate,
}

/// Offsets of memory operators; the greatest ones end beyond every memory.
const OFFSETS: &[u64] = &[0, 0, 0, 0, 1, 2, 3, 4, 5, 7, 8, 15, 65_528, 65_535, 131_072, 0xffff_fff8, 0xffff_ffff];

/// Which memory an operator's module has and uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// The only one.
    Only,
    /// The only one, addressed by i64.
    Wide,
    /// The second of two.
    Second,
}

impl Operator {
    /// The name with random immediates.
    #[must_use]
    pub fn text(&self, memory: Memory, random: &mut Random) -> String {
        let name = self.name;
        let memories: &[&str] = match (memory, name) {
            (Memory::Only | Memory::Wide, _) => &[""],
            (Memory::Second, "memory.copy") => &[" $memory $memory", " $memory $first", " $first $memory"],
            (Memory::Second, _) => &[" $memory"],
        };
        let memory = memories[random.below(memories.len())];
        match self.immediate {
            Immediate::None => name.to_owned(),
            Immediate::Memory => format!("{name}{memory}"),
            Immediate::Lane(lanes) => format!("{name} {}", random.below(lanes)),
            Immediate::Shuffle => (0..16).fold(name.to_owned(), |text, _| format!("{text} {}", random.below(32))),
            Immediate::Offset => format!("{name}{memory} offset={}", OFFSETS[random.below(OFFSETS.len())]),
            Immediate::OffsetLane(lanes) => {
                format!("{name}{memory} offset={} {}", OFFSETS[random.below(OFFSETS.len())], random.below(lanes))
            }
            Immediate::Segment if name == "data.drop" => format!("{name} $segment"),
            Immediate::Segment => format!("{name}{memory} $segment"),
        }
    }

    /// Operand and result types on a memory.
    #[must_use]
    pub fn types(&self, memory: Memory) -> (Vec<ValType>, Vec<ValType>) {
        let (mut params, mut results) = (self.params.to_vec(), self.results.to_vec());
        if memory == Memory::Wide {
            let (addresses, sizes): (&[usize], &[usize]) = match (self.immediate, self.name) {
                (Immediate::Offset | Immediate::OffsetLane(_), _) => (&[0], &[]),
                (_, "memory.size") => (&[], &[0]),
                (_, "memory.grow") => (&[0], &[0]),
                (_, "memory.copy") => (&[0, 1, 2], &[]),
                (_, "memory.fill") => (&[0, 2], &[]),
                (_, "memory.init") => (&[0], &[]),
                _ => (&[], &[]),
            };
            addresses.iter().for_each(|&param| params[param] = I64);
            sizes.iter().for_each(|&result| results[result] = I64);
        }
        (params, results)
    }
}

/// Operators of one signature.
struct Group {
    params: &'static [ValType],
    results: &'static [ValType],
    immediate: Immediate,
    names: &'static str,
}

const fn group(
    params: &'static [ValType],
    results: &'static [ValType],
    immediate: Immediate,
    names: &'static str,
) -> Group {
    Group { params, results, immediate, names }
}

/// Every operator, in the table's order.
#[must_use]
pub fn operators() -> Vec<Operator> {
    let of_group = |group: &Group| {
        let Group { params, results, immediate, names } = *group;
        names.split_ascii_whitespace().map(move |name| Operator { name, params, results, immediate })
    };
    GROUPS.iter().flat_map(of_group).collect()
}

const GROUPS: &[Group] = &[
    // Integers
    group(&[I32], &[I32], Immediate::None, "i32.clz i32.ctz i32.popcnt i32.eqz i32.extend8_s i32.extend16_s"),
    group(
        &[I32, I32],
        &[I32],
        Immediate::None,
        "i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor i32.shl i32.shr_s
         i32.shr_u i32.rotl i32.rotr
         i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u",
    ),
    group(&[I64], &[I64], Immediate::None, "i64.clz i64.ctz i64.popcnt i64.extend8_s i64.extend16_s i64.extend32_s"),
    group(
        &[I64, I64],
        &[I64],
        Immediate::None,
        "i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor i64.shl i64.shr_s
         i64.shr_u i64.rotl i64.rotr",
    ),
    group(
        &[I64, I64],
        &[I32],
        Immediate::None,
        "i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u",
    ),
    group(&[I64], &[I32], Immediate::None, "i64.eqz i32.wrap_i64"),
    group(&[I32], &[I64], Immediate::None, "i64.extend_i32_s i64.extend_i32_u"),
    group(&[I64, I64], &[I64, I64], Immediate::None, "i64.mul_wide_s i64.mul_wide_u"),
    group(&[I64, I64, I64, I64], &[I64, I64], Immediate::None, "i64.add128 i64.sub128"),
    // Floats
    group(&[F32], &[F32], Immediate::None, "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt"),
    group(&[F32, F32], &[F32], Immediate::None, "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign"),
    group(&[F32, F32], &[I32], Immediate::None, "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge"),
    group(&[F64], &[F64], Immediate::None, "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt"),
    group(&[F64, F64], &[F64], Immediate::None, "f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign"),
    group(&[F64, F64], &[I32], Immediate::None, "f64.eq f64.ne f64.lt f64.gt f64.le f64.ge"),
    // Conversions
    group(
        &[F32],
        &[I32],
        Immediate::None,
        "i32.trunc_f32_s i32.trunc_f32_u i32.trunc_sat_f32_s i32.trunc_sat_f32_u i32.reinterpret_f32",
    ),
    group(&[F64], &[I32], Immediate::None, "i32.trunc_f64_s i32.trunc_f64_u i32.trunc_sat_f64_s i32.trunc_sat_f64_u"),
    group(&[F32], &[I64], Immediate::None, "i64.trunc_f32_s i64.trunc_f32_u i64.trunc_sat_f32_s i64.trunc_sat_f32_u"),
    group(
        &[F64],
        &[I64],
        Immediate::None,
        "i64.trunc_f64_s i64.trunc_f64_u i64.trunc_sat_f64_s i64.trunc_sat_f64_u i64.reinterpret_f64",
    ),
    group(&[I32], &[F32], Immediate::None, "f32.convert_i32_s f32.convert_i32_u f32.reinterpret_i32"),
    group(&[I64], &[F32], Immediate::None, "f32.convert_i64_s f32.convert_i64_u"),
    group(&[I32], &[F64], Immediate::None, "f64.convert_i32_s f64.convert_i32_u"),
    group(&[I64], &[F64], Immediate::None, "f64.convert_i64_s f64.convert_i64_u f64.reinterpret_i64"),
    group(&[F64], &[F32], Immediate::None, "f32.demote_f64"),
    group(&[F32], &[F64], Immediate::None, "f64.promote_f32"),
    // Memory
    group(&[I32], &[I32], Immediate::Offset, "i32.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u"),
    group(
        &[I32],
        &[I64],
        Immediate::Offset,
        "i64.load i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u",
    ),
    group(&[I32], &[F32], Immediate::Offset, "f32.load"),
    group(&[I32], &[F64], Immediate::Offset, "f64.load"),
    group(&[I32, I32], &[], Immediate::Offset, "i32.store i32.store8 i32.store16"),
    group(&[I32, I64], &[], Immediate::Offset, "i64.store i64.store8 i64.store16 i64.store32"),
    group(&[I32, F32], &[], Immediate::Offset, "f32.store"),
    group(&[I32, F64], &[], Immediate::Offset, "f64.store"),
    group(&[], &[I32], Immediate::Memory, "memory.size"),
    group(&[I32], &[I32], Immediate::Memory, "memory.grow"),
    group(&[I32, I32, I32], &[], Immediate::Memory, "memory.copy memory.fill"),
    group(&[I32, I32, I32], &[], Immediate::Segment, "memory.init"),
    group(&[], &[], Immediate::Segment, "data.drop"),
    // Relaxed SIMD. Ours and Wasmtime's deterministic mode choose the same results, with two exceptions that are
    // left out. Multiplications with additions round twice here and once there. In
    // i32x4.relaxed_dot_i8x16_i7x16_add_s, two products of -128 and -128 wrap here, as 16 bits, and do not there.
    group(
        &[V128, V128],
        &[V128],
        Immediate::None,
        "i8x16.relaxed_swizzle f32x4.relaxed_min f32x4.relaxed_max f64x2.relaxed_min f64x2.relaxed_max
         i16x8.relaxed_q15mulr_s i16x8.relaxed_dot_i8x16_i7x16_s",
    ),
    group(
        &[V128, V128, V128],
        &[V128],
        Immediate::None,
        "i8x16.relaxed_laneselect i16x8.relaxed_laneselect i32x4.relaxed_laneselect i64x2.relaxed_laneselect",
    ),
    group(
        &[V128],
        &[V128],
        Immediate::None,
        "i32x4.relaxed_trunc_f32x4_s i32x4.relaxed_trunc_f32x4_u
         i32x4.relaxed_trunc_f64x2_s_zero i32x4.relaxed_trunc_f64x2_u_zero",
    ),
    // SIMD: memory
    group(
        &[I32],
        &[V128],
        Immediate::Offset,
        "v128.load v128.load8x8_s v128.load8x8_u v128.load16x4_s v128.load16x4_u v128.load32x2_s v128.load32x2_u
         v128.load8_splat v128.load16_splat v128.load32_splat v128.load64_splat v128.load32_zero v128.load64_zero",
    ),
    group(&[I32, V128], &[], Immediate::Offset, "v128.store"),
    group(&[I32, V128], &[V128], Immediate::OffsetLane(16), "v128.load8_lane"),
    group(&[I32, V128], &[V128], Immediate::OffsetLane(8), "v128.load16_lane"),
    group(&[I32, V128], &[V128], Immediate::OffsetLane(4), "v128.load32_lane"),
    group(&[I32, V128], &[V128], Immediate::OffsetLane(2), "v128.load64_lane"),
    group(&[I32, V128], &[], Immediate::OffsetLane(16), "v128.store8_lane"),
    group(&[I32, V128], &[], Immediate::OffsetLane(8), "v128.store16_lane"),
    group(&[I32, V128], &[], Immediate::OffsetLane(4), "v128.store32_lane"),
    group(&[I32, V128], &[], Immediate::OffsetLane(2), "v128.store64_lane"),
    // SIMD: lanes
    group(&[V128, V128], &[V128], Immediate::Shuffle, "i8x16.shuffle"),
    group(&[V128, V128], &[V128], Immediate::None, "i8x16.swizzle"),
    group(&[V128], &[I32], Immediate::Lane(16), "i8x16.extract_lane_s i8x16.extract_lane_u"),
    group(&[V128], &[I32], Immediate::Lane(8), "i16x8.extract_lane_s i16x8.extract_lane_u"),
    group(&[V128], &[I32], Immediate::Lane(4), "i32x4.extract_lane"),
    group(&[V128], &[I64], Immediate::Lane(2), "i64x2.extract_lane"),
    group(&[V128], &[F32], Immediate::Lane(4), "f32x4.extract_lane"),
    group(&[V128], &[F64], Immediate::Lane(2), "f64x2.extract_lane"),
    group(&[V128, I32], &[V128], Immediate::Lane(16), "i8x16.replace_lane"),
    group(&[V128, I32], &[V128], Immediate::Lane(8), "i16x8.replace_lane"),
    group(&[V128, I32], &[V128], Immediate::Lane(4), "i32x4.replace_lane"),
    group(&[V128, I64], &[V128], Immediate::Lane(2), "i64x2.replace_lane"),
    group(&[V128, F32], &[V128], Immediate::Lane(4), "f32x4.replace_lane"),
    group(&[V128, F64], &[V128], Immediate::Lane(2), "f64x2.replace_lane"),
    group(&[I32], &[V128], Immediate::None, "i8x16.splat i16x8.splat i32x4.splat"),
    group(&[I64], &[V128], Immediate::None, "i64x2.splat"),
    group(&[F32], &[V128], Immediate::None, "f32x4.splat"),
    group(&[F64], &[V128], Immediate::None, "f64x2.splat"),
    // SIMD: bits
    group(&[V128], &[V128], Immediate::None, "v128.not"),
    group(&[V128, V128], &[V128], Immediate::None, "v128.and v128.andnot v128.or v128.xor"),
    group(&[V128, V128, V128], &[V128], Immediate::None, "v128.bitselect"),
    group(
        &[V128],
        &[I32],
        Immediate::None,
        "v128.any_true i8x16.all_true i16x8.all_true i32x4.all_true i64x2.all_true
         i8x16.bitmask i16x8.bitmask i32x4.bitmask i64x2.bitmask",
    ),
    group(
        &[V128, I32],
        &[V128],
        Immediate::None,
        "i8x16.shl i8x16.shr_s i8x16.shr_u i16x8.shl i16x8.shr_s i16x8.shr_u
         i32x4.shl i32x4.shr_s i32x4.shr_u i64x2.shl i64x2.shr_s i64x2.shr_u",
    ),
    // SIMD: arithmetic
    group(
        &[V128],
        &[V128],
        Immediate::None,
        "i8x16.abs i8x16.neg i8x16.popcnt i16x8.abs i16x8.neg i32x4.abs i32x4.neg i64x2.abs i64x2.neg
         i16x8.extadd_pairwise_i8x16_s i16x8.extadd_pairwise_i8x16_u
         i32x4.extadd_pairwise_i16x8_s i32x4.extadd_pairwise_i16x8_u
         i16x8.extend_low_i8x16_s i16x8.extend_high_i8x16_s i16x8.extend_low_i8x16_u i16x8.extend_high_i8x16_u
         i32x4.extend_low_i16x8_s i32x4.extend_high_i16x8_s i32x4.extend_low_i16x8_u i32x4.extend_high_i16x8_u
         i64x2.extend_low_i32x4_s i64x2.extend_high_i32x4_s i64x2.extend_low_i32x4_u i64x2.extend_high_i32x4_u
         f32x4.ceil f32x4.floor f32x4.trunc f32x4.nearest f32x4.abs f32x4.neg f32x4.sqrt
         f64x2.ceil f64x2.floor f64x2.trunc f64x2.nearest f64x2.abs f64x2.neg f64x2.sqrt
         i32x4.trunc_sat_f32x4_s i32x4.trunc_sat_f32x4_u i32x4.trunc_sat_f64x2_s_zero i32x4.trunc_sat_f64x2_u_zero
         f32x4.convert_i32x4_s f32x4.convert_i32x4_u f64x2.convert_low_i32x4_s f64x2.convert_low_i32x4_u
         f32x4.demote_f64x2_zero f64x2.promote_low_f32x4",
    ),
    group(
        &[V128, V128],
        &[V128],
        Immediate::None,
        "i8x16.eq i8x16.ne i8x16.lt_s i8x16.lt_u i8x16.gt_s i8x16.gt_u i8x16.le_s i8x16.le_u i8x16.ge_s i8x16.ge_u
         i16x8.eq i16x8.ne i16x8.lt_s i16x8.lt_u i16x8.gt_s i16x8.gt_u i16x8.le_s i16x8.le_u i16x8.ge_s i16x8.ge_u
         i32x4.eq i32x4.ne i32x4.lt_s i32x4.lt_u i32x4.gt_s i32x4.gt_u i32x4.le_s i32x4.le_u i32x4.ge_s i32x4.ge_u
         i64x2.eq i64x2.ne i64x2.lt_s i64x2.gt_s i64x2.le_s i64x2.ge_s
         f32x4.eq f32x4.ne f32x4.lt f32x4.gt f32x4.le f32x4.ge
         f64x2.eq f64x2.ne f64x2.lt f64x2.gt f64x2.le f64x2.ge
         i8x16.narrow_i16x8_s i8x16.narrow_i16x8_u i16x8.narrow_i32x4_s i16x8.narrow_i32x4_u
         i8x16.add i8x16.add_sat_s i8x16.add_sat_u i8x16.sub i8x16.sub_sat_s i8x16.sub_sat_u
         i8x16.min_s i8x16.min_u i8x16.max_s i8x16.max_u i8x16.avgr_u
         i16x8.add i16x8.add_sat_s i16x8.add_sat_u i16x8.sub i16x8.sub_sat_s i16x8.sub_sat_u i16x8.mul
         i16x8.min_s i16x8.min_u i16x8.max_s i16x8.max_u i16x8.avgr_u i16x8.q15mulr_sat_s
         i32x4.add i32x4.sub i32x4.mul i32x4.min_s i32x4.min_u i32x4.max_s i32x4.max_u i32x4.dot_i16x8_s
         i64x2.add i64x2.sub i64x2.mul
         i16x8.extmul_low_i8x16_s i16x8.extmul_high_i8x16_s i16x8.extmul_low_i8x16_u i16x8.extmul_high_i8x16_u
         i32x4.extmul_low_i16x8_s i32x4.extmul_high_i16x8_s i32x4.extmul_low_i16x8_u i32x4.extmul_high_i16x8_u
         i64x2.extmul_low_i32x4_s i64x2.extmul_high_i32x4_s i64x2.extmul_low_i32x4_u i64x2.extmul_high_i32x4_u
         f32x4.add f32x4.sub f32x4.mul f32x4.div f32x4.min f32x4.max f32x4.pmin f32x4.pmax
         f64x2.add f64x2.sub f64x2.mul f64x2.div f64x2.min f64x2.max f64x2.pmin f64x2.pmax",
    ),
];
