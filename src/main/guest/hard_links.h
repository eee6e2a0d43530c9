// Remembers the first name of each file that has several, so that the others become hard links.
#ifndef AIRLOCK_HARD_LINKS_H
#define AIRLOCK_HARD_LINKS_H

#include <stddef.h>
#include <sys/types.h>

struct hard_link {
    dev_t device;
    ino_t inode;
    char *path;
};

struct hard_links {
    struct hard_link *slots; // open addressing; a power of two
    size_t size, used;
};

// The first name, or NULL where `path` is the first. Without memory it is NULL too: the file is
// then packed once more, which costs room and no correctness.
const char *hard_links_first(struct hard_links *links, dev_t device, ino_t inode, const char *path);
void hard_links_free(struct hard_links *links);

#endif
