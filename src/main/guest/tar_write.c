#include "tar.h"

#include "bytes.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint64_t OCTAL_11 = 077777777777; // what eleven octal digits can say

int tar_create(struct tar_writer *writer, int fd, const char *name, struct fault *fault) {
    *writer = (struct tar_writer){.fd = fd, .name = name};
    writer->buffer = aligned_alloc(TAR_ALIGNMENT, TAR_BUFFER);
    return writer->buffer != NULL ? 0 : fail(fault, "tar: no memory");
}

void tar_drop(struct tar_writer *writer) {
    free(writer->buffer);
    writer->buffer = NULL;
}

static int flush(struct tar_writer *writer, struct fault *fault) {
    if (write_all(writer->fd, writer->buffer, writer->filled) < 0) {
        if (errno != ENOSPC)
            return fail_errno(fault, "cannot write the archive to %s", writer->name);
        fail(fault, "the archive does not fit on %s: no room after %llu bytes", writer->name,
             (unsigned long long)writer->length);
        fault->disk_full = true;
        return -1;
    }
    writer->filled = 0;
    return 0;
}

uint8_t *tar_room(struct tar_writer *writer, size_t *room) {
    *room = TAR_BUFFER - writer->filled;
    return writer->buffer + writer->filled;
}

int tar_wrote(struct tar_writer *writer, size_t length, struct fault *fault) {
    writer->filled += length;
    writer->length += length;
    return writer->filled == TAR_BUFFER ? flush(writer, fault) : 0;
}

static int put_bytes(struct tar_writer *writer, const void *bytes, size_t length,
                     struct fault *fault) {
    const uint8_t *at = bytes;
    while (length > 0) {
        size_t room;
        uint8_t *to = tar_room(writer, &room);
        size_t piece = length < room ? length : room;
        memcpy(to, at, piece);
        if (tar_wrote(writer, piece, fault) < 0)
            return -1;
        at += piece;
        length -= piece;
    }
    return 0;
}

int tar_pad(struct tar_writer *writer, struct fault *fault) {
    static const uint8_t zero[TAR_BLOCK];
    return put_bytes(writer, zero, (TAR_BLOCK - writer->length % TAR_BLOCK) % TAR_BLOCK, fault);
}

static void put_octal(uint8_t *field, int digits, uint64_t value) {
    for (int i = digits - 1; i >= 0; i--, value >>= 3)
        field[i] = (uint8_t)('0' + (value & 7));
}

static int put_header(struct tar_writer *writer, const struct tar_entry *entry, const char *path,
                      const char *link, struct fault *fault) {
    uint8_t head[TAR_BLOCK] = {0};
    memcpy(head, path, strnlen(path, 100));
    put_octal(head + 100, 7, entry->mode);
    put_octal(head + 108, 7, 0);
    put_octal(head + 116, 7, 0);
    put_octal(head + 124, 11, entry->size > OCTAL_11 ? 0 : entry->size);
    int64_t time = entry->mtime < 0 ? 0 : entry->mtime;
    put_octal(head + 136, 11, (uint64_t)time > OCTAL_11 ? OCTAL_11 : (uint64_t)time);
    head[156] = (uint8_t)entry->type;
    memcpy(head + 157, link, strnlen(link, 100));
    memcpy(head + 257, "ustar\00000", 8);
    memset(head + 148, ' ', 8);
    uint64_t sum = 0;
    for (int i = 0; i < TAR_BLOCK; i++)
        sum += head[i];
    put_octal(head + 148, 6, sum);
    head[154] = '\0';
    return put_bytes(writer, head, sizeof head, fault);
}

static size_t pax_line(char *to, const char *key, const char *value) {
    size_t body = strlen(key) + strlen(value) + 3; // blank, = and line end
    size_t length = body + 1;
    for (char digits[12]; ; length++) { // the length counts its own digits
        size_t own = (size_t)snprintf(digits, sizeof digits, "%zu", length);
        if (body + own == length)
            break;
    }
    return (size_t)sprintf(to, "%zu %s=%s\n", length, key, value);
}

static int put_pax(struct tar_writer *writer, const struct tar_entry *entry, struct fault *fault) {
    static char text[2 * TAR_NAME + 100];
    size_t length = 0;
    if (strlen(entry->path) > 100)
        length += pax_line(text + length, "path", entry->path);
    if (strlen(entry->link) > 100)
        length += pax_line(text + length, "linkpath", entry->link);
    if (entry->size > OCTAL_11) {
        char size[24];
        snprintf(size, sizeof size, "%llu", (unsigned long long)entry->size);
        length += pax_line(text + length, "size", size);
    }
    if (length == 0)
        return 0;
    const struct tar_entry header = {.type = 'x', .mode = 0644, .size = length};
    if (put_header(writer, &header, "PaxHeader", "", fault) < 0 ||
        put_bytes(writer, text, length, fault) < 0)
        return -1;
    return tar_pad(writer, fault);
}

int tar_put(struct tar_writer *writer, const struct tar_entry *entry, struct fault *fault) {
    if (put_pax(writer, entry, fault) < 0)
        return -1;
    return put_header(writer, entry, entry->path, entry->link, fault);
}

int tar_finish(struct tar_writer *writer, struct fault *fault) {
    static const uint8_t zero[2 * TAR_BLOCK];
    if (put_bytes(writer, zero, sizeof zero, fault) < 0)
        return -1;
    return writer->filled > 0 ? flush(writer, fault) : 0;
}
