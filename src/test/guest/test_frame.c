#include "tests.h"

#include "frame.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const kinds[] = {"", "connect", "http-token", "agent", "pty"};

static void describe(const struct frame *frame, char *line, size_t room) {
    static const char *const types[] = {"",     "hello",  "open", "opened", "refused",
                                        "data", "window", "end",  "reset"};
    int used = snprintf(line, room, "%s", types[frame->type]);
    if (frame->type != FRAME_HELLO)
        used += snprintf(line + used, room - (size_t)used, " %u", frame->stream);
    if (frame->type == FRAME_HELLO || frame->type == FRAME_WINDOW)
        snprintf(line + used, room - (size_t)used, " %u", frame->number);
    if (frame->type == FRAME_OPEN)
        snprintf(line + used, room - (size_t)used, " %s", kinds[frame->kind]);
    if (frame->type == FRAME_OPEN || frame->type == FRAME_REFUSED || frame->type == FRAME_DATA) {
        strcat(line, " ");
        quote(line, room, frame->bytes, frame->length, 1);
    }
}

// The bytes lie at the end of a block of their own, so that a read too far is seen.
static void check_case(const struct test_case *one) {
    char line[4096];
    size_t at = 0, written = 0;
    uint8_t *again = malloc(one->length + 1);
    for (size_t i = 0; i < one->wants; i++) {
        struct frame frame;
        struct fault fault = {0};
        ssize_t length = frame_read(one->bytes + at, one->length - at, &frame, &fault);
        if (length > 0) {
            describe(&frame, line, sizeof line);
            written += frame_write(&frame, again + written);
            at += (size_t)length;
        } else if (length < 0) {
            snprintf(line, sizeof line, "bad %s", fault.text);
        } else {
            // this side waits for the rest, and never hears that there is none
            strcpy(line, at == one->length ? "closed" : "bad closed within");
        }
        const char *want = one->want[i];
        int same = strncmp(want, "bad ", 4) != 0 ? strcmp(line, want) == 0
            : length < 0 ? strstr(line, want + 4) != NULL : strncmp(want, line, strlen(line)) == 0;
        check(same, one->name, "gives %.200s, wanted %.200s", line, want);
    }
    if (strcmp(one->want[one->wants - 1], "closed") == 0)
        check(written == one->length && (written == 0 || memcmp(again, one->bytes, written) == 0),
              one->name, "writes other bytes than it read: %zu of %zu", written, one->length);
    free(again);
}

void test_frame(const struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++)
        check_case(&cases->list[i]);
}
