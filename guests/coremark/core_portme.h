/* CoreMark's types and settings for a machine without a library, a clock and output: WebAssembly, or any other for
 * comparison. CoreMark's files include this one by its name. */
#ifndef CORE_PORTME_H
#define CORE_PORTME_H

#include <stddef.h>
#include <stdint.h>

/* CoreMark's main is a function among others: run and crcs call it, and the native program has a main of its own. */
#define main coremark_main
#define MAIN_HAS_NOARGC 1
#define MAIN_HAS_NORETURN 0
int coremark_main(void);

/* Without floats. CoreMark would only divide by the time with them. */
#define HAS_FLOAT 0
#define HAS_STDIO 0
#define HAS_PRINTF 0
int ee_printf(const char *format, ...);

/* Seeds are read from volatile variables, data lies in a static array, one context runs. */
#define SEED_METHOD SEED_VOLATILE
#define MEM_METHOD MEM_STATIC
#define MULTITHREAD 1

/* For reports, which nobody sees. */
#define COMPILER_VERSION ""
#define COMPILER_FLAGS ""
#define MEM_LOCATION "STATIC"

typedef int16_t ee_s16;
typedef uint16_t ee_u16;
typedef int32_t ee_s32;
typedef uint32_t ee_u32;
typedef uint8_t ee_u8;
typedef uintptr_t ee_ptr_int;
typedef size_t ee_size_t;
typedef ee_u32 CORE_TICKS;

/* The next address that is a multiple of four. */
#define align_mem(address) ((void *)(((ee_ptr_int)(address) + 3) & ~(ee_ptr_int)3))

extern ee_u32 default_num_contexts;

typedef struct {
    ee_u8 unused;
} core_portable;

void portable_init(core_portable *port, int *argc, char *argv[]);
void portable_fini(core_portable *port);

#endif
