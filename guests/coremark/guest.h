/* The calls of the guest coremark. */
#ifndef GUEST_H
#define GUEST_H

#include <stdint.h>

/* Runs CoreMark for this many iterations with the seeds of a performance run on 2000 bytes, 0, 0 and 0x66. Returns 0
 * if CoreMark finds its list, matrix and state CRCs right and says that it operated correctly; else 1 and the number of
 * wrong CRCs more. For 0 iterations CoreMark chooses a number itself, which is 20 after a trial of 10. */
uint32_t run(uint32_t iterations);

/* Does the same and returns the CRCs, from the lowest 16 bits up: list, matrix, state, and the final one, which depends
 * on the number of iterations. */
uint64_t crcs(uint32_t iterations);

#endif
