// What a terminal's stream carries (docs/uplink.md): keys and sizes from the host, output and the
// shell's end to it.
#ifndef AIRLOCK_PTY_MESSAGE_H
#define AIRLOCK_PTY_MESSAGE_H

#include "fault.h"
#include "frame.h"

enum { PTY_KEYS = 1, PTY_SIZE, PTY_HANG_UP }; // from the host
enum { PTY_OUTPUT = 1, PTY_EXIT };            // to it

enum {
    PTY_HEAD = 3,
    PTY_KEYS_MOST = 4096,
    PTY_OUTPUT_MOST = FRAME_PIECE - PTY_HEAD,
    PTY_SIDE_MOST = 1000 // columns, rows
};

struct pty_size {
    uint16_t columns, rows;
};

struct pty_message {
    uint8_t type;
    struct pty_size size;
    const uint8_t *bytes; // keys, where they were read
    uint32_t length;      // of those
};

// The message of the host that the bytes begin with: how long it is, 0 where there is more to come,
// -1 where they begin with none.
ssize_t pty_read(const uint8_t *bytes, size_t length, struct pty_message *message,
                 struct fault *fault);

// Writes the head of a message to the host, which has so many bytes.
void pty_head(uint8_t type, uint32_t length, uint8_t to[PTY_HEAD]);

// Whether the text is COLUMNSxROWS.
bool pty_size_read(const uint8_t *text, uint32_t length, struct pty_size *size);

#endif
