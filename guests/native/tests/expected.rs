//! The guests, compiled for this machine, give the results that `wasm/expected.txt` lists for their modules.

/// Calls of these files are not compared here. CoreMark is C: `cargo xtask guests` compares it.
const FOREIGN_FILES: [&str; 1] = ["coremark.wasm"];
/// Exports that exist on wasm32 only.
const WASM_EXPORTS: [&str; 1] = ["input_has_digest"];

fn native(entry: &str, argument: u32) -> Option<u64> {
    Some(match entry {
        "blake3" => guest_blake3::blake3(argument),
        "ed25519_verify" => guest_ed25519::ed25519_verify(argument).into(),
        "fib" => guest_fib::fib(argument),
        "has_decimal_digits_only" => guest_regex::has_decimal_digits_only(argument).into(),
        "interpreter" => guest_interpreter::interpreter(argument),
        "json" => guest_json::json(argument),
        "json_float" => guest_json_float::json_float(argument),
        "keccak256" => guest_keccak256::keccak256(argument),
        "matmul_f32" => guest_matmul::matmul_f32(argument),
        "matmul_f64" => guest_matmul::matmul_f64(argument),
        "nbody" => guest_nbody::nbody(argument),
        "regex" => guest_regex::regex(argument),
        "secp256k1_recover" => guest_secp256k1::secp256k1_recover(argument).into(),
        "sha256" => guest_sha256::sha256(argument),
        "sort" => guest_sort::sort(argument),
        _ => return None,
    })
}

#[test]
fn native_results_are_the_listed_ones() {
    let mut compared = 0;
    for line in include_str!("../../wasm/expected.txt").lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [file, entry, arguments @ .., "=", result] = &words[..] else { panic!("malformed line {line:?}") };
        if FOREIGN_FILES.contains(file) || WASM_EXPORTS.contains(entry) {
            continue;
        }
        let [argument] = arguments else { panic!("{line}: one argument is expected") };
        let argument = argument.parse().unwrap_or_else(|error| panic!("{line}: {error}"));
        let found = native(entry, argument).unwrap_or_else(|| panic!("{line}: unknown export"));
        assert_eq!(found.to_string(), *result, "{line}");
        compared += 1;
    }
    assert!(compared > 0, "wasm/expected.txt names calls");
}
