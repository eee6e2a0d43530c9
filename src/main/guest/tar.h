// The one tar dialect of Airlock: ustar with PAX path, linkpath and size (docs/guest-protocol.md).
#ifndef AIRLOCK_TAR_H
#define AIRLOCK_TAR_H

#include "fault.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
    TAR_BLOCK = 512,
    TAR_BUFFER = 256 << 10, // drives are read and written in such pieces
    TAR_ALIGNMENT = 4096,   // for O_DIRECT
    TAR_NAME = 4096,        // longest path or link target, with its NUL
    TAR_PAX = 16 << 10,     // longest PAX header
};

struct tar_entry {
    char type;              // '0' file, '1' hard link, '2' symbolic link, '5' directory
    uint32_t mode;          // permission bits only
    uint64_t size;
    int64_t mtime;          // seconds
    char path[TAR_NAME];    // relative, no empty, "." or ".." component
    char link[TAR_NAME];    // target of a link; of a hard link as strict as path
};

struct tar_reader {
    int fd;
    uint8_t *buffer;
    size_t at, filled;
    uint64_t left;          // bytes of the entry's content not yet given
    size_t padding;         // and zeros after it
};

int tar_open(struct tar_reader *reader, int fd, struct fault *fault);
void tar_close(struct tar_reader *reader);

// 1 and the next entry, 0 at the archive's end, -1 when it is not of the dialect.
int tar_next(struct tar_reader *reader, struct tar_entry *entry, struct fault *fault);

// The entry's content piece by piece: how many bytes lie at *piece, 0 at its end, -1.
ssize_t tar_content(struct tar_reader *reader, const uint8_t **piece, struct fault *fault);

// For tar_pax.c: what a PAX header said.
struct tar_pax {
    bool present, has_path, has_link, has_size;
    uint64_t size;
};
int tar_pax(const char *text, size_t length, struct tar_pax *pax, struct tar_entry *entry,
            struct fault *fault);

struct tar_writer {
    int fd;
    uint8_t *buffer;
    size_t filled;
    uint64_t length;        // bytes given so far
    const char *name;       // of the drive, for messages
};

int tar_create(struct tar_writer *writer, int fd, const char *name, struct fault *fault);
int tar_put(struct tar_writer *writer, const struct tar_entry *entry, struct fault *fault);

// Room for content: at most *room bytes at the returned place, then tar_wrote.
uint8_t *tar_room(struct tar_writer *writer, size_t *room);
int tar_wrote(struct tar_writer *writer, size_t length, struct fault *fault);
int tar_pad(struct tar_writer *writer, struct fault *fault);
int tar_finish(struct tar_writer *writer, struct fault *fault);
void tar_drop(struct tar_writer *writer);

#endif
