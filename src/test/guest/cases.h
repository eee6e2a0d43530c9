// Reads the case files of src/test/resources/guest (README.md there).
#ifndef AIRLOCK_CASES_H
#define AIRLOCK_CASES_H

#include <stddef.h>
#include <stdint.h>

struct test_case {
    const char *name;
    uint8_t *bytes;
    size_t length;
    char **want;
    size_t wants;
};

struct cases {
    struct test_case *list;
    size_t count;
};

// Ends the program with a message where the file cannot be read.
struct cases cases_read(const char *directory, const char *file);
void cases_free(struct cases *cases);

// The bytes of one token such as "text"*3 at *at, which moves behind it. Freed by the caller.
uint8_t *case_token(const char **at, size_t *length);

void check(int holds, const char *test, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
extern int checked, failed;

#endif
