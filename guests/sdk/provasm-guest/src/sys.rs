//! The host interface as it is: the imports from the module `provasm`. `docs/host.md` of provasm describes them.
//!
//! A pointer that is out of bounds ends the run with a trap, as a load or store there would.

#[link(wasm_import_module = "provasm")]
unsafe extern "C" {
    /// How many bytes of public input there are.
    pub safe fn input_len() -> u32;
    /// Copies at most `len` bytes of the public input from `offset` on and returns how many there were.
    pub fn input_read(offset: u32, ptr: *mut u8, len: u32) -> u32;
    /// Copies at most `len` of the next bytes of private input and returns how many there were: 0 at the end.
    pub fn private_read(ptr: *mut u8, len: u32) -> u32;
    /// Appends bytes to the public output.
    pub fn output_write(ptr: *const u8, len: u32);
    /// Ends the run with this exit code.
    pub safe fn exit(code: i32) -> !;
    /// Shows a message to whoever executes the program. It is no part of what is proven.
    pub fn log(ptr: *const u8, len: u32);
    /// SHA-256's compression of `count` blocks of 64 bytes into a state of 8 words.
    pub fn sha256_compress(state: *mut u32, blocks: *const u8, count: u32);
    /// Keccak-f\[1600\] on 25 lanes, lane x + 5 y.
    pub fn keccak_f1600(state: *mut u64);
    /// BLAKE3's compression: 8 words of chaining value, 64 bytes of block, 64 bytes of output.
    pub fn blake3_compress(cv: *const u32, block: *const u8, counter: u64, block_len: u32, flags: u32, out: *mut u8);
    /// Poseidon2 over KoalaBear, of width 16, on elements taken modulo the prime.
    pub fn poseidon2_permute(state: *mut u32);
    /// The product modulo the prime of secp256k1's field. As with the others, operands are four words, the lowest
    /// first, of any value, and the product is below the modulus.
    pub fn secp256k1_field_mul(a: *const u64, b: *const u64, out: *mut u64);
    /// The product modulo the order of secp256k1's group.
    pub fn secp256k1_scalar_mul(a: *const u64, b: *const u64, out: *mut u64);
    /// The product modulo 2^255 - 19.
    pub fn ed25519_field_mul(a: *const u64, b: *const u64, out: *mut u64);
    /// The product modulo the order of ed25519's prime-order group.
    pub fn ed25519_scalar_mul(a: *const u64, b: *const u64, out: *mut u64);
    /// The product modulo the prime of BN254's base field.
    pub fn bn254_field_mul(a: *const u64, b: *const u64, out: *mut u64);
    /// The product modulo the order of BN254's group.
    pub fn bn254_scalar_mul(a: *const u64, b: *const u64, out: *mut u64);
}
