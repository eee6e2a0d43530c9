// The pipes that a program writes to, read in the order in which it wrote: the kernel queues a signal for
// each write (docs/adr/0051-let-the-kernel-order-a-programs-output.md).
#ifndef AIRLOCK_OUTPUT_H
#define AIRLOCK_OUTPUT_H

#include "record.h"

enum { STREAM_OUT = 1, STREAM_ERR, STREAM_TRACE, STREAM_END }; // as records have them

struct output {
    struct journal *journal;
    uint32_t step;
    int pipes[STREAM_END];  // where each is read
    int writes;             // a signalfd, ready when something was written
    uint8_t stream;         // of what lies in output_buffer() and is in no record yet
    size_t length;
};

// Opens the pipes; their other ends, which the program gets, go to `ends`, -1 for what could not be
// opened. False with errno where something could not.
bool output_open(struct output *output, struct journal *journal, uint32_t step, int ends[STREAM_END]);

// Puts what was written since into records; not all where much was.
void output_turn(struct output *output);

// Puts all that is left in the pipes into records, as when no more is written.
void output_end(struct output *output);

void output_close(struct output *output);

#endif
