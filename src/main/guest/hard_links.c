#include "hard_links.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static struct hard_link *slot(struct hard_link *slots, size_t size, dev_t device, ino_t inode) {
    size_t at = (size_t)(inode * 0x9E3779B97F4A7C15u + device) & (size - 1);
    while (slots[at].path != NULL && (slots[at].inode != inode || slots[at].device != device))
        at = (at + 1) & (size - 1);
    return &slots[at];
}

static bool grow(struct hard_links *links) {
    size_t size = links->size == 0 ? 64 : links->size * 2;
    struct hard_link *slots = calloc(size, sizeof *slots);
    if (slots == NULL)
        return false;
    for (size_t i = 0; i < links->size; i++) {
        const struct hard_link *old = &links->slots[i];
        if (old->path != NULL)
            *slot(slots, size, old->device, old->inode) = *old;
    }
    free(links->slots);
    links->slots = slots;
    links->size = size;
    return true;
}

const char *hard_links_first(struct hard_links *links, dev_t device, ino_t inode,
                             const char *path) {
    if (links->used * 2 >= links->size && !grow(links))
        return NULL;
    struct hard_link *found = slot(links->slots, links->size, device, inode);
    if (found->path != NULL)
        return found->path;
    *found = (struct hard_link){device, inode, strdup(path)};
    links->used += found->path != NULL;
    return NULL;
}

void hard_links_free(struct hard_links *links) {
    for (size_t i = 0; i < links->size; i++)
        free(links->slots[i].path);
    free(links->slots);
    *links = (struct hard_links){0};
}
