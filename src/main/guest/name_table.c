#include "name_table.h"

#include "steer.h"

#include <stddef.h>
#include <string.h>

static char names[NAMES][NAME_MOST + 1];
static uint32_t given; // addresses so far; the last NAMES of them have a name each

uint32_t name_table_address(const char *name) {
    for (uint32_t i = given > NAMES ? given - NAMES : 0; i < given; i++)
        if (strcmp(names[i % NAMES], name) == 0)
            return GIVEN_FIRST + 1 + i;
    if (given >= GIVEN_LAST - GIVEN_FIRST - 1)
        return 0;
    strncpy(names[given % NAMES], name, NAME_MOST);
    return GIVEN_FIRST + 1 + given++;
}

const char *name_table_name(uint32_t address) {
    uint32_t index = address - GIVEN_FIRST - 1;
    return index < given && given - index <= NAMES ? names[index % NAMES] : NULL;
}
