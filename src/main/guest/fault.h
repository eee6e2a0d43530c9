// Why something could not be done, in words for people.
#ifndef AIRLOCK_FAULT_H
#define AIRLOCK_FAULT_H

#include <stdbool.h>

struct fault {
    bool disk_full; // the cause was ENOSPC or EDQUOT
    char text[512];
};

// Both fill in the fault and return -1; fail_errno adds what errno says.
int fail(struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int fail_errno(struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

// A line on the kernel's console, for the operator.
void console(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
