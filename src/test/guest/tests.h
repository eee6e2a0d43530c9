// The tests of the guest program's parts; each checks what the case files say.
#ifndef AIRLOCK_TESTS_H
#define AIRLOCK_TESTS_H

#include "cases.h"

void test_tar(const struct cases *cases);
void test_records(const struct cases *cases);
void test_plan(const struct cases *cases);
void test_host_line(const struct cases *cases);
void test_frame(const struct cases *cases);
void test_pty(const struct cases *cases);
void test_dns(const struct cases *cases);
void test_pack(void);

// Mutates every case `rounds` times and feeds it to the readers; a crash or a file outside is a
// failure. The same seed makes the same mutations.
struct corpus {
    struct cases tars, plans, frames, terminals, queries;
};
void fuzz(const struct corpus *corpus, uint64_t seed, int rounds);

// A fresh directory below the working directory, and its removal with all that is in it.
void make_tree(char path[64]);
void remove_tree(const char *path);

// A file with these bytes in the working directory.
void make_file_of(const char *path, const uint8_t *bytes, size_t length);

// Appends "text" with escapes as the case files write it.
void quote(char *to, size_t room, const uint8_t *bytes, size_t length, int quotes);

#endif
