// Takes what happens in the guest; gives framed records on the log port (docs/guest-protocol.md).
#ifndef AIRLOCK_RECORD_H
#define AIRLOCK_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    PROTOCOL_VERSION = 1,
    RECORD_FRAME = 5,       // length and type before each payload
    RECORD_OUTPUT_HEAD = 13,
    OUTPUT_PIECE = 64 << 10,
    PACKED_DRIVES = 16,     // most drives that one plan may pack
    PACKED_NAME = 255,
};

struct journal {
    int fd;
    uint64_t start;         // CLOCK_MONOTONIC when the gate got its line, nanoseconds
    bool lost;              // a record could not be written
};

enum end_kind { END_EXITED, END_SIGNALLED, END_OUT_OF_MEMORY, END_DISK_FULL, END_REFUSED, END_PROCESSES,
                END_TIMED_OUT };

struct step_end {
    enum end_kind kind;
    int32_t value;          // exit code or signal
    uint64_t user, system;  // microseconds
    uint64_t peak;          // KiB
    char detail[512];
};

struct packed {
    char device[PACKED_NAME + 1];
    uint64_t length;
};

// Nanoseconds (clock.c).
uint64_t monotonic(void);

void record_ready(struct journal *journal);
void record_started(struct journal *journal, uint32_t step);

// The piece lies in output_buffer(), which has room for OUTPUT_PIECE bytes.
uint8_t *output_buffer(void);
void record_output(struct journal *journal, uint32_t step, uint8_t stream, size_t length);
void record_note(struct journal *journal, uint32_t step, const char *text);
void record_ended(struct journal *journal, uint32_t step, const struct step_end *end);
void record_finished(struct journal *journal, bool passed, const struct packed *packed,
                     uint32_t count);
void record_broke(struct journal *journal, const char *why);

#endif
