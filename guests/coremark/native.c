/* `native EXPORT ITERATIONS`: calls the guest compiled for this machine and prints the result in decimal. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guest.h"

int main(int argc, char *argv[])
{
    if (argc == 3 && strcmp(argv[1], "run") == 0)
        printf("%" PRIu32 "\n", run((uint32_t)strtoul(argv[2], NULL, 10)));
    else if (argc == 3 && strcmp(argv[1], "crcs") == 0)
        printf("%" PRIu64 "\n", crcs((uint32_t)strtoul(argv[2], NULL, 10)));
    else
        return EXIT_FAILURE;
    return EXIT_SUCCESS;
}
