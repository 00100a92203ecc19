//! Whole modules from `wasm-smith`: a seed decides the features, the module and the calls.

use arbitrary::Unstructured;
use provasm_testkit::Random;
use wasm_smith::{Config, MemoryOffsetChoices, Module};

use crate::case::{Call, Case, signatures};
use crate::values::random_value;

/// How large a generated module can be. A smaller one of the same seed is another module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// Random bytes that the generator can use.
    pub bytes: usize,
    /// Functions.
    pub functions: usize,
    /// Instructions of a function.
    pub instructions: usize,
    /// Calls.
    pub calls: usize,
}

impl Size {
    /// The size a seed stands for.
    pub const FULL: Size = Size { bytes: 8192, functions: 12, instructions: 200, calls: 48 };

    /// Sizes somewhat smaller than this one.
    #[must_use]
    pub fn smaller(self) -> Vec<Size> {
        let less = |value: usize| if value > 16 { value / 2 } else { value - 1 };
        let mut sizes = Vec::new();
        if self.functions > 1 {
            sizes.push(Size { functions: less(self.functions), ..self });
        }
        if self.instructions > 1 {
            sizes.push(Size { instructions: less(self.instructions), ..self });
        }
        if self.bytes > 64 {
            sizes.push(Size { bytes: self.bytes / 2, ..self });
        }
        sizes
    }
}

/// One in this many.
fn one_in(random: &mut Random, many: usize) -> bool {
    random.below(many) == 0
}

fn config(random: &mut Random, size: Size) -> Config {
    let simd = one_in(random, 4);
    let references = one_in(random, 2);
    Config {
        allow_floats: one_in(random, 2),
        allow_start_export: true,
        bulk_memory_enabled: references || one_in(random, 2),
        canonicalize_nans: one_in(random, 4),
        compact_imports_enabled: false,
        disallow_traps: one_in(random, 2),
        exceptions_enabled: false,
        export_everything: true,
        extended_const_enabled: one_in(random, 4),
        gc_enabled: false,
        max_data_segments: 6,
        max_element_segments: 6,
        max_elements: 12,
        max_funcs: size.functions,
        max_globals: 8,
        max_imports: 0,
        max_instructions: size.instructions,
        max_memories: if one_in(random, 8) { 3 } else { 1 },
        max_memory32_bytes: 4 << 16,
        max_memory64_bytes: 4 << 16,
        max_nesting_depth: 8,
        max_table_elements: 40,
        max_tables: if references { 3 } else { 1 },
        max_tags: 0,
        max_types: 12,
        memory64_enabled: one_in(random, 8),
        memory_max_size_required: true,
        memory_offset_choices: MemoryOffsetChoices(95, 4, 1),
        min_funcs: 1,
        multi_value_enabled: one_in(random, 2),
        reference_types_enabled: references,
        relaxed_simd_enabled: false,
        saturating_float_to_int_enabled: true,
        sign_extension_ops_enabled: true,
        simd_enabled: simd,
        table_max_size_required: true,
        tail_call_enabled: one_in(random, 4),
        threads_enabled: false,
        wide_arithmetic_enabled: one_in(random, 16),
        ..Config::default()
    }
}

/// The module of a seed, and calls of its exports.
///
/// # Errors
/// The generator's, for the rare bytes it can make no module of.
pub fn case(seed: u64, size: Size) -> Result<Case, String> {
    let mut random = Random::new(seed);
    let choices = Choices::new(&mut random, size);
    let bytes: Vec<u8> = (0..size.bytes.div_ceil(8)).flat_map(|_| random.next_u64().to_le_bytes()).collect();
    made(format!("smith {seed}"), choices, &bytes, random, size)
}

/// The module that the generator makes of these bytes, for a fuzzer that knows which bytes to try.
///
/// # Errors
/// As [`case`].
pub fn of_bytes(bytes: &[u8], size: Size) -> Result<Case, String> {
    let (seed, bytes) = bytes.split_first_chunk().ok_or("no seed")?;
    let mut random = Random::new(u64::from_le_bytes(*seed));
    let choices = Choices::new(&mut random, size);
    made("smith of bytes".to_owned(), choices, bytes, random, size)
}

/// What is chosen before a module is made.
struct Choices {
    config: Config,
    fuel: u32,
}

impl Choices {
    fn new(random: &mut Random, size: Size) -> Self {
        Self { config: config(random, size), fuel: 200 + random.below(3000) as u32 }
    }
}

fn made(name: String, choices: Choices, bytes: &[u8], mut random: Random, size: Size) -> Result<Case, String> {
    let Choices { config, fuel } = choices;
    let mut module = Module::new(config, &mut Unstructured::new(bytes)).map_err(|error| error.to_string())?;
    module.ensure_termination(fuel).map_err(|error| error.to_string())?;
    let wasm = module.to_bytes();
    let signatures = signatures(&wasm)?;
    let mut calls = Vec::new();
    while !signatures.is_empty() && calls.len() < size.calls {
        let signature = &signatures[random.below(signatures.len())];
        let args = signature.params.iter().flat_map(|param| random_value(&mut random, *param)).collect();
        calls.push(Call { function: signature.name.clone(), args });
    }
    Ok(Case { name, wasm, calls })
}
