// Gives each name that programs look up an address of its own, so that a connection to the address tells
// the name. Bounded: of the names the last NAMES are known, and no address is given out twice.
#ifndef AIRLOCK_NAME_TABLE_H
#define AIRLOCK_NAME_TABLE_H

#include <stdint.h>

enum { NAMES = 4096, NAME_MOST = 253 };

// The address of a name of at most NAME_MOST characters; 0 once all addresses have been given out.
uint32_t name_table_address(const char *name);

// The name of an address; NULL where it has none, or has lost it to a later one.
const char *name_table_name(uint32_t address);

#endif
