// Takes the host's line; gives the time and random bytes in it.
#ifndef AIRLOCK_HOST_LINE_H
#define AIRLOCK_HOST_LINE_H

#include <stdbool.h>
#include <stdint.h>

enum { HOST_LINE = 128, SEED = 32 };

struct host_line {
    bool rehearsal;         // the gate is closed again behind it
    int64_t seconds;        // since 1970
    int32_t nanoseconds;
    uint8_t seed[SEED];
};

// Reads a line without its end: "RUN 1 SECONDS NANOSECONDS SEED", or the same with REHEARSE.
bool host_line_parse(const char *text, struct host_line *line);

#endif
