#include "frame.h"

#include "bytes.h"

#include <string.h>

// What is wrong with a head; the payload is not waited for then.
static int check_head(const uint8_t *head, uint32_t stream, uint32_t length, struct fault *fault) {
    uint8_t type = head[0];
    bool fits;
    if (type < FRAME_HELLO || type > FRAME_RESET || head[1] != 0)
        return fail(fault, "a frame of unknown type %u, %u", type, head[1]);
    if ((type == FRAME_HELLO) != (stream == 0) || stream > INT32_MAX)
        return fail(fault, "a frame of type %u for stream %u", type, stream);
    switch (type) {
    case FRAME_HELLO:
    case FRAME_WINDOW:
        fits = length == 4;
        break;
    case FRAME_OPEN:
        fits = length >= 1 && length <= 1 + FRAME_TEXT;
        break;
    case FRAME_REFUSED:
        fits = length <= FRAME_TEXT;
        break;
    case FRAME_DATA:
        fits = length >= 1 && length <= FRAME_PIECE;
        break;
    default:
        fits = length == 0;
    }
    return fits ? 0 : fail(fault, "a frame of type %u with %u bytes", type, length);
}

static bool is_text(const struct frame *frame) {
    for (uint32_t i = 0; i < frame->length; i++)
        if (frame->bytes[i] < ' ' || frame->bytes[i] > '~')
            return false;
    return true;
}

static int read_open(struct frame *frame, struct fault *fault) {
    frame->kind = *frame->bytes++;
    frame->length--;
    if (!is_text(frame))
        return fail(fault, "a target that is not text");
    if (frame->kind < STREAM_CONNECT || frame->kind > STREAM_TERMINAL)
        return fail(fault, "a stream of unknown kind %u", frame->kind);
    return 0;
}

static int read_payload(struct frame *frame, struct fault *fault) {
    switch (frame->type) {
    case FRAME_HELLO:
    case FRAME_WINDOW:
        frame->number = get_u32(frame->bytes);
        frame->length = 0;
        if (frame->type == FRAME_WINDOW &&
            (frame->number < 1 || frame->number > FRAME_WINDOW_MOST))
            return fail(fault, "a window of %u bytes", frame->number);
        return 0;
    case FRAME_OPEN:
        return read_open(frame, fault);
    case FRAME_REFUSED:
        return is_text(frame) ? 0 : fail(fault, "a reason that is not text");
    default:
        return 0;
    }
}

ssize_t frame_read(const uint8_t *bytes, size_t length, struct frame *frame, struct fault *fault) {
    if (length < FRAME_HEAD)
        return 0;
    *frame = (struct frame){.type = bytes[0],
                            .stream = get_u32(bytes + 4),
                            .bytes = bytes + FRAME_HEAD,
                            .length = (uint32_t)bytes[2] | (uint32_t)bytes[3] << 8};
    if (check_head(bytes, frame->stream, frame->length, fault) < 0)
        return -1;
    size_t whole = FRAME_HEAD + frame->length;
    if (length < whole)
        return 0;
    return read_payload(frame, fault) < 0 ? -1 : (ssize_t)whole;
}

size_t frame_write(const struct frame *frame, uint8_t *to) {
    uint8_t *at = to + FRAME_HEAD;
    if (frame->type == FRAME_HELLO || frame->type == FRAME_WINDOW)
        at = put_u32(at, frame->number);
    if (frame->type == FRAME_OPEN)
        *at++ = frame->kind;
    if (frame->length > 0 && frame->bytes != at) // musl's memmove copies each byte also in place
        memmove(at, frame->bytes, frame->length);
    at += frame->length;
    to[0] = frame->type;
    to[1] = 0;
    put_u32(put_u16(to + 2, (uint16_t)(at - to - FRAME_HEAD)), frame->stream);
    return (size_t)(at - to);
}
