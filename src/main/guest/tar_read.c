#include "tar.h"

#include "bytes.h"

#include <stdlib.h>
#include <string.h>

int tar_open(struct tar_reader *reader, int fd, struct fault *fault) {
    *reader = (struct tar_reader){.fd = fd};
    reader->buffer = aligned_alloc(TAR_ALIGNMENT, TAR_BUFFER);
    return reader->buffer != NULL ? 0 : fail(fault, "tar: no memory");
}

void tar_close(struct tar_reader *reader) {
    free(reader->buffer);
    reader->buffer = NULL;
}

// Whole blocks that are in the buffer, after a read when there is none.
static ssize_t available(struct tar_reader *reader, struct fault *fault) {
    if (reader->at == reader->filled) {
        // Most archives are small: the first read takes little, the later ones much.
        size_t want = reader->filled == 0 ? TAR_BUFFER / 4 : TAR_BUFFER;
        ssize_t got = read_full(reader->fd, reader->buffer, want);
        if (got < 0)
            return fail_errno(fault, "tar: cannot read the archive");
        reader->at = 0;
        reader->filled = (size_t)got / TAR_BLOCK * TAR_BLOCK;
        if (reader->filled == 0)
            return fail(fault, "tar: the archive ends early");
    }
    return (ssize_t)(reader->filled - reader->at);
}

static const uint8_t *block(struct tar_reader *reader, struct fault *fault) {
    if (available(reader, fault) < 0)
        return NULL;
    reader->at += TAR_BLOCK;
    return reader->buffer + reader->at - TAR_BLOCK;
}

static bool zeros(const uint8_t *bytes, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

ssize_t tar_content(struct tar_reader *reader, const uint8_t **piece, struct fault *fault) {
    if (reader->left == 0 && reader->padding == 0)
        return 0;
    ssize_t got = available(reader, fault);
    if (got < 0)
        return -1;
    *piece = reader->buffer + reader->at;
    size_t length = reader->left < (uint64_t)got ? (size_t)reader->left : (size_t)got;
    reader->left -= length;
    reader->at += length;
    if (reader->left == 0) { // the padding is in the same block as the last byte
        if (!zeros(reader->buffer + reader->at, reader->padding))
            return fail(fault, "tar: padding is not zero");
        reader->at += reader->padding;
        reader->padding = 0;
    }
    return (ssize_t)length;
}

static int octal(const uint8_t *field, size_t length, uint64_t *value) {
    size_t i = 0;
    *value = 0;
    for (; i < length && field[i] >= '0' && field[i] <= '7'; i++)
        *value = *value * 8 + (uint64_t)(field[i] - '0');
    if (i == 0 || i == length)
        return -1;
    for (; i < length; i++)
        if (field[i] != ' ' && field[i] != '\0')
            return -1;
    return 0;
}

static int header_text(const uint8_t *field, size_t length, char *to) {
    size_t used = strnlen((const char *)field, length);
    memcpy(to, field, used);
    to[used] = '\0';
    return zeros(field + used, length - used) ? 0 : -1;
}

static bool sum_fits(const uint8_t *head) {
    uint64_t said, sum = 8 * ' ';
    for (int i = 0; i < TAR_BLOCK; i++)
        sum += i >= 148 && i < 156 ? 0 : head[i];
    return octal(head + 148, 8, &said) == 0 && said == sum;
}

static int header_path(const uint8_t *head, char *path) {
    char name[101], prefix[156];
    if (header_text(head, 100, name) < 0 || header_text(head + 345, 155, prefix) < 0)
        return -1;
    size_t used = strlen(prefix);
    memcpy(path, prefix, used);
    if (used > 0)
        path[used++] = '/';
    memcpy(path + used, name, strlen(name) + 1);
    return 0;
}

static int header(const uint8_t *head, const struct tar_pax *pax, struct tar_entry *entry,
                  struct fault *fault) {
    uint64_t mode, mtime;
    if (memcmp(head + 257, "ustar\00000", 8) != 0 || !sum_fits(head))
        return fail(fault, "tar: not a ustar header, or its checksum is wrong");
    if (octal(head + 100, 8, &mode) < 0 || octal(head + 124, 12, &entry->size) < 0 ||
        octal(head + 136, 12, &mtime) < 0)
        return fail(fault, "tar: mode, size or time is not octal");
    char name[260], link[101];
    if (header_path(head, name) < 0 || header_text(head + 157, 100, link) < 0)
        return fail(fault, "tar: bytes after a name's end");
    if (!pax->has_path)
        memcpy(entry->path, name, strlen(name) + 1);
    if (!pax->has_link)
        memcpy(entry->link, link, strlen(link) + 1);
    entry->type = (char)head[156];
    entry->mode = (uint32_t)(mode & 0777);
    entry->mtime = (int64_t)mtime;
    return 0;
}

// One meaning only: the header may leave the size to PAX (by 0), but never say another one.
static int reconcile_size(const struct tar_pax *pax, struct tar_entry *entry, struct fault *fault) {
    if (pax->has_size && entry->size != 0 && entry->size != pax->size)
        return fail(fault, "tar: header and PAX tell different sizes");
    if (pax->has_size)
        entry->size = pax->size;
    if (entry->type != '0' && entry->size != 0)
        return fail(fault, "tar: an entry that is not a file has a size");
    return 0;
}

static int canonical(char *path, bool directory) {
    size_t length = strlen(path);
    if (directory && length > 1 && path[length - 1] == '/')
        path[--length] = '\0';
    if (length == 0)
        return -1;
    for (const char *part = path;; part++) {
        size_t size = strcspn(part, "/");
        bool dots = (size == 1 && part[0] == '.') || (size == 2 && part[0] == '.' && part[1] == '.');
        if (size == 0 || size > 255 || dots)
            return -1;
        part += size;
        if (*part == '\0')
            return 0;
    }
}

static int names(struct tar_entry *entry, struct fault *fault) {
    if (canonical(entry->path, entry->type == '5') < 0)
        return fail(fault, "tar: name is absolute, empty, too long or has . or ..: %.200s",
                    entry->path);
    bool link = entry->type == '1' || entry->type == '2';
    if (link != (entry->link[0] != '\0'))
        return fail(fault, "tar: link without target, or target without link: %.200s", entry->path);
    if (entry->type == '1' && canonical(entry->link, false) < 0)
        return fail(fault, "tar: hard link to a forbidden name: %.200s", entry->link);
    return 0;
}

static int pax_header(struct tar_reader *reader, uint64_t size, struct tar_pax *pax,
                      struct tar_entry *entry, struct fault *fault) {
    char text[TAR_PAX];
    if (pax->present || size == 0 || size > TAR_PAX)
        return fail(fault, "tar: PAX header is empty, too long or follows another");
    pax->present = true;
    size_t used = 0;
    const uint8_t *piece = NULL;
    reader->left = size;
    reader->padding = (TAR_BLOCK - size % TAR_BLOCK) % TAR_BLOCK;
    for (ssize_t got; (got = tar_content(reader, &piece, fault)) != 0; used += (size_t)got) {
        if (got < 0)
            return -1;
        memcpy(text + used, piece, (size_t)got);
    }
    return tar_pax(text, used, pax, entry, fault);
}

static int skip_content(struct tar_reader *reader, struct fault *fault) {
    const uint8_t *piece = NULL;
    ssize_t got;
    while ((got = tar_content(reader, &piece, fault)) > 0)
        continue;
    return (int)got;
}

static int end(struct tar_reader *reader, const struct tar_pax *pax, struct fault *fault) {
    const uint8_t *second = block(reader, fault);
    if (second == NULL)
        return -1;
    if (pax->present || !zeros(second, TAR_BLOCK))
        return fail(fault, "tar: one zero block only, or a PAX header without entry");
    return 0;
}

int tar_next(struct tar_reader *reader, struct tar_entry *entry, struct fault *fault) {
    struct tar_pax pax = {0};
    if (skip_content(reader, fault) < 0)
        return -1;
    entry->path[0] = entry->link[0] = '\0';
    for (;;) {
        const uint8_t *head = block(reader, fault);
        if (head == NULL)
            return -1;
        if (zeros(head, TAR_BLOCK))
            return end(reader, &pax, fault);
        if (header(head, &pax, entry, fault) < 0)
            return -1;
        if (entry->type != 'x')
            break;
        // what the PAX header's own header calls itself says nothing
        entry->path[0] = entry->link[0] = '\0';
        if (pax_header(reader, entry->size, &pax, entry, fault) < 0)
            return -1;
    }
    if (strchr("0125", entry->type) == NULL || entry->type == '\0')
        return fail(fault, "tar: neither file, directory nor link, but type %d: %.200s",
                    entry->type, entry->path);
    if (reconcile_size(&pax, entry, fault) < 0 || names(entry, fault) < 0)
        return -1;
    reader->left = entry->size;
    reader->padding = (TAR_BLOCK - entry->size % TAR_BLOCK) % TAR_BLOCK;
    return 1;
}
