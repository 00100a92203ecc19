/* The host interface of provasm for programs in C and C++, compiled to wasm32.
 *
 * docs/host.md says what a proof says of each call. A pointer that is out of bounds traps, as a load or store there
 * would. Pointers may have any alignment and buffers may overlap: everything is read before anything is written.
 */
#ifndef PROVASM_H
#define PROVASM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PROVASM_IMPORT(name) __attribute__((import_module("provasm"), import_name(#name)))
/* Exports a function under its own name: `PROVASM_EXPORT(main) void run(void)` for one that is called main. */
#define PROVASM_EXPORT(name) __attribute__((export_name(#name)))

/* How many bytes of public input there are. */
PROVASM_IMPORT(input_len) uint32_t provasm_input_len(void);
/* Copies at most `len` bytes of the public input from `offset` on and returns how many there were. */
PROVASM_IMPORT(input_read) uint32_t provasm_input_read(uint32_t offset, void *to, uint32_t len);
/* Copies at most `len` of the next bytes of private input and returns how many there were: 0 at the end. */
PROVASM_IMPORT(private_read) uint32_t provasm_private_read(void *to, uint32_t len);
/* Appends bytes to the public output. */
PROVASM_IMPORT(output_write) void provasm_output_write(const void *from, uint32_t len);
/* Ends the run with this exit code. */
PROVASM_IMPORT(exit) __attribute__((noreturn)) void provasm_exit(int32_t code);
/* Shows a message to whoever executes the program. It is no part of what is proven. */
PROVASM_IMPORT(log) void provasm_log(const char *message, uint32_t len);

/* SHA-256's compression of `count` blocks of 64 bytes into a state. */
PROVASM_IMPORT(sha256_compress)
void provasm_sha256_compress(uint32_t state[8], const uint8_t *blocks, uint32_t count);
/* Keccak-f[1600] on 25 lanes, lane x + 5 y. */
PROVASM_IMPORT(keccak_f1600) void provasm_keccak_f1600(uint64_t state[25]);
/* BLAKE3's compression. The first 32 bytes of `out` are the chaining value. */
PROVASM_IMPORT(blake3_compress)
void provasm_blake3_compress(const uint32_t cv[8], const uint8_t block[64], uint64_t counter, uint32_t block_len,
                             uint32_t flags, uint8_t out[64]);
/* Poseidon2 over KoalaBear, of width 16. Elements are taken modulo the prime; the results are below it. */
PROVASM_IMPORT(poseidon2_permute) void provasm_poseidon2_permute(uint32_t state[16]);

/* Products modulo a prime, below it. Operands are any numbers of 256 bits, the lowest word first. */
#define PROVASM_PRODUCT(name) \
    PROVASM_IMPORT(name) void provasm_##name(const uint64_t a[4], const uint64_t b[4], uint64_t out[4])
PROVASM_PRODUCT(secp256k1_field_mul);
PROVASM_PRODUCT(secp256k1_scalar_mul);
PROVASM_PRODUCT(ed25519_field_mul);
PROVASM_PRODUCT(ed25519_scalar_mul);
PROVASM_PRODUCT(bn254_field_mul);
PROVASM_PRODUCT(bn254_scalar_mul);
#undef PROVASM_PRODUCT

#ifdef __cplusplus
}
#endif

#endif
