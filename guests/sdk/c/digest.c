/* Writes the SHA-256 digest of the public input as the public output. Ends with 1 if the input has more than 64 KiB.
 *
 * It has no library: clang compiles it for wasm32 as it is.
 */

#include "../provasm.h"

enum { BLOCK_BYTES = 64, LENGTH_BYTES = 8, INPUT_BYTES_MAX = 1 << 16 };

/* The input, then the padding: a bit, zeros, and the length in bits. */
static uint8_t message[INPUT_BYTES_MAX + BLOCK_BYTES + LENGTH_BYTES];

PROVASM_EXPORT(main) void digest_input(void) {
    static const char too_long[] = "digest: the input is too long";
    uint32_t length = provasm_input_len();
    if (length > INPUT_BYTES_MAX) {
        provasm_log(too_long, sizeof too_long - 1);
        provasm_exit(1);
    }
    provasm_input_read(0, message, length);

    uint32_t blocks = (length + 1 + LENGTH_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES;
    message[length] = 0x80;
    for (uint32_t i = 0; i < LENGTH_BYTES; i++) {
        message[blocks * BLOCK_BYTES - 1 - i] = (uint8_t)((uint64_t)length * 8 >> 8 * i);
    }
    uint32_t state[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    provasm_sha256_compress(state, message, blocks);

    uint8_t digest[32];
    for (uint32_t i = 0; i < sizeof digest; i++) {
        digest[i] = (uint8_t)(state[i / 4] >> (24 - 8 * (i % 4)));
    }
    provasm_output_write(digest, sizeof digest);
}
