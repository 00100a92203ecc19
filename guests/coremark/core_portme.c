/* What CoreMark asks of a machine, for one that has nothing: no library, no clock, no output. Exports run and crcs.
 *
 * Time stands still: every measurement reads as ten seconds, the least that CoreMark accepts, so that its verdict rests
 * on the CRCs alone. The rate it computes from that means nothing and goes nowhere. */
#include "coremark.h"

#include "guest.h"

#define SECONDS 10

#ifdef __wasm__
#define EXPORT(name) __attribute__((export_name(#name)))
#else
#define EXPORT(name)
#endif

/* The seeds of a performance run; the number of iterations; 0 for all three algorithms. */
volatile ee_s32 seed1_volatile = 0;
volatile ee_s32 seed2_volatile = 0;
volatile ee_s32 seed3_volatile = 0x66;
volatile ee_s32 seed4_volatile = 0;
volatile ee_s32 seed5_volatile = 0;

ee_u32 default_num_contexts = 1;

/* What the last run ended with. */
static int is_validated;
static core_results last;

void start_time(void) {}

void stop_time(void) {}

CORE_TICKS get_time(void) { return SECONDS; }

secs_ret time_in_secs(CORE_TICKS ticks) { return (secs_ret)ticks; }

void portable_init(core_portable *port, int *argc, char *argv[])
{
    (void)argc;
    (void)argv;
    port->unused = 0;
    is_validated = 0;
}

/* Keeps the results, which the port is a part of: CoreMark's main returns 0 whatever it found. */
void portable_fini(core_portable *port)
{
    last = *(const core_results *)((const char *)port - offsetof(core_results, port));
}

static int begins_with(const char *text, const char *prefix)
{
    while (*prefix != 0 && *text == *prefix) {
        text++;
        prefix++;
    }
    return *prefix == 0;
}

/* Drops the text, but notes CoreMark's verdict, which exists as a message only. */
int ee_printf(const char *format, ...)
{
    if (begins_with(format, "Correct operation validated"))
        is_validated = 1;
    return 0;
}

EXPORT(run) uint32_t run(uint32_t iterations)
{
    seed4_volatile = (ee_s32)iterations;
    coremark_main();
    return is_validated ? 0 : 1 + (uint32_t)last.err;
}

EXPORT(crcs) uint64_t crcs(uint32_t iterations)
{
    run(iterations);
    return last.crclist | (uint64_t)last.crcmatrix << 16 | (uint64_t)last.crcstate << 32 | (uint64_t)last.crc << 48;
}
