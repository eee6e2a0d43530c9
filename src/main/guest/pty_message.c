#include "pty_message.h"

#include "bytes.h"

static uint16_t get_u16(const uint8_t *at) {
    return (uint16_t)(at[0] | at[1] << 8);
}

static bool is_side(uint32_t value) {
    return value >= 1 && value <= PTY_SIDE_MOST;
}

static bool fits(const struct pty_message *message) {
    switch (message->type) {
    case PTY_KEYS:
        return message->length >= 1 && message->length <= PTY_KEYS_MOST;
    case PTY_SIZE:
        return message->length == 4;
    default:
        return message->length == 0;
    }
}

ssize_t pty_read(const uint8_t *bytes, size_t length, struct pty_message *message,
                 struct fault *fault) {
    if (length < PTY_HEAD)
        return 0;
    *message = (struct pty_message){.type = bytes[0], .bytes = bytes + PTY_HEAD,
                                    .length = get_u16(bytes + 1)};
    if (message->type < PTY_KEYS || message->type > PTY_HANG_UP)
        return fail(fault, "a message of unknown type %u", message->type);
    if (!fits(message))
        return fail(fault, "a message of type %u with %u bytes", message->type, message->length);
    size_t whole = PTY_HEAD + message->length;
    if (length < whole)
        return 0;
    if (message->type != PTY_SIZE)
        return (ssize_t)whole;
    message->size = (struct pty_size){get_u16(message->bytes), get_u16(message->bytes + 2)};
    if (!is_side(message->size.columns) || !is_side(message->size.rows))
        return fail(fault, "a terminal of %ux%u", message->size.columns, message->size.rows);
    return (ssize_t)whole;
}

void pty_head(uint8_t type, uint32_t length, uint8_t to[PTY_HEAD]) {
    to[0] = type;
    put_u16(to + 1, (uint16_t)length);
}

// A number without sign or leading zero, up to the end or an x.
static bool read_side(const uint8_t **at, const uint8_t *end, uint16_t *side) {
    uint32_t value = 0;
    for (; *at < end && **at >= '0' && **at <= '9' && value <= PTY_SIDE_MOST; (*at)++) {
        if (value == 0 && **at == '0')
            return false;
        value = value * 10 + (uint32_t)(**at - '0');
    }
    *side = (uint16_t)value;
    return is_side(value);
}

bool pty_size_read(const uint8_t *text, uint32_t length, struct pty_size *size) {
    const uint8_t *at = text, *end = text + length;
    if (!read_side(&at, end, &size->columns) || at == end || *at++ != 'x')
        return false;
    return read_side(&at, end, &size->rows) && at == end;
}
