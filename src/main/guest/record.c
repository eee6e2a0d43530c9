#include "record.h"

#include "bytes.h"

#include <string.h>

enum { READY = 1, STARTED = 2, OUTPUT = 3, ENDED = 4, FINISHED = 5, BROKE = 6 };

// One frame at a time: the program has one thread.
static uint8_t frame[RECORD_FRAME + RECORD_OUTPUT_HEAD + OUTPUT_PIECE];

static uint8_t *put_time(uint8_t *at, const struct journal *journal) {
    return put_u64(at, (monotonic() - journal->start) / 1000);
}

static uint8_t *put_text(uint8_t *at, const char *text, size_t most) {
    size_t length = strnlen(text, most);
    at = put_u16(at, (uint16_t)length);
    memcpy(at, text, length);
    return at + length;
}

static void send(struct journal *journal, uint8_t type, const uint8_t *end) {
    size_t length = (size_t)(end - frame);
    put_u32(frame, (uint32_t)(length - RECORD_FRAME));
    frame[4] = type;
    if (write_all(journal->fd, frame, length) < 0)
        journal->lost = true;
}

void record_ready(struct journal *journal) {
    send(journal, READY, put_u32(frame + RECORD_FRAME, PROTOCOL_VERSION));
}

void record_started(struct journal *journal, uint32_t step) {
    uint8_t *at = put_u32(frame + RECORD_FRAME, step);
    send(journal, STARTED, put_time(at, journal));
}

uint8_t *output_buffer(void) {
    return frame + RECORD_FRAME + RECORD_OUTPUT_HEAD;
}

void record_output(struct journal *journal, uint32_t step, uint8_t stream, size_t length) {
    uint8_t *at = put_u32(frame + RECORD_FRAME, step);
    at = put_time(at, journal);
    *at++ = stream;
    send(journal, OUTPUT, at + length);
}

void record_note(struct journal *journal, uint32_t step, const char *text) {
    size_t length = strnlen(text, OUTPUT_PIECE);
    memcpy(output_buffer(), text, length);
    record_output(journal, step, 2, length);
}

void record_ended(struct journal *journal, uint32_t step, const struct step_end *end) {
    uint8_t *at = put_u32(frame + RECORD_FRAME, step);
    at = put_time(at, journal);
    *at++ = (uint8_t)end->kind;
    at = put_u32(at, (uint32_t)end->value);
    at = put_u64(at, end->user);
    at = put_u64(at, end->system);
    at = put_u64(at, end->peak);
    send(journal, ENDED, put_text(at, end->detail, sizeof end->detail));
}

void record_finished(struct journal *journal, bool passed, const struct packed *packed,
                     uint32_t count) {
    uint8_t *at = put_time(frame + RECORD_FRAME, journal);
    *at++ = passed;
    *at++ = (uint8_t)count;
    for (uint32_t i = 0; i < count; i++) {
        at = put_text(at, packed[i].device, PACKED_NAME);
        at = put_u64(at, packed[i].length);
    }
    send(journal, FINISHED, at);
}

void record_broke(struct journal *journal, const char *why) {
    uint8_t *at = put_time(frame + RECORD_FRAME, journal);
    send(journal, BROKE, put_text(at, why, 512));
}
