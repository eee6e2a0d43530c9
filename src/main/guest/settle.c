#include "settle.h"

#include <fcntl.h>
#include <unistd.h>

void settle_root(void) {
    int root = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return;
    syncfs(root);
    close(root);
}
