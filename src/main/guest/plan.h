// Takes the bytes of plan.bin; gives the steps (docs/guest-protocol.md).
#ifndef AIRLOCK_PLAN_H
#define AIRLOCK_PLAN_H

#include "fault.h"
#include "limits.h"

#include <stddef.h>
#include <stdint.h>

enum { PLAN_BYTES = 16 << 20, PLAN_STEPS = 4096, PLAN_STRINGS = 4096 };

enum step_kind {
    EXECUTE = 1, MAKE_DIRECTORY, WRITE_FILE, LINK, UNPACK, PACK, CONNECT, TERMINAL
};

// When a step runs: all before it succeeded; in any case; one before it failed; the one before it ran and
// succeeded; as the first, and where it fails nothing else runs but a terminal.
enum step_when { WHEN_PASSED, WHEN_ALWAYS, WHEN_FAILED, WHEN_FOLLOWS, WHEN_SET_UP };

// All texts point into the plan's bytes.
struct step {
    uint8_t kind;
    uint8_t when;
    uint32_t timeout;       // of a program, in milliseconds, 0 for none
    bool option;            // parents, overwrite, links stay inside, with proxy, after failures
    bool agent;
    uint32_t mode;
    char **argv;            // or places to connect to
    char **environment;     // or tokens
    char *path;             // working directory, path or directory
    char *other;            // link target or device
    const uint8_t *content; // stdin or a file's content
    uint32_t length;
};

struct plan {
    struct step *steps;
    uint32_t count;
    struct limits limits;
};

// 0, or -1 when the bytes are no plan; nothing of it has been run then.
int plan_read(uint8_t *bytes, size_t length, struct plan *plan, struct fault *fault);
void plan_free(struct plan *plan);

#endif
