#include "plan.h"

#include "bytes.h"
#include "record.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 32 };

struct cursor {
    uint8_t *at, *end;
    struct fault *fault;
    uint32_t step, steps;   // the one under way, and how many there are
    uint32_t packs;
    bool failed;
};

static void bad(struct cursor *c, const char *what) {
    if (!c->failed)
        fail(c->fault, "plan.bin: step %u: %s", c->step, what);
    c->failed = true;
    c->at = c->end;
}

static uint8_t byte(struct cursor *c) {
    if (c->end - c->at < 1) {
        bad(c, "ends early");
        return 0;
    }
    return *c->at++;
}

static uint32_t number(struct cursor *c) {
    if (c->end - c->at < 4) {
        bad(c, "ends early");
        return 0;
    }
    c->at += 4;
    return get_u32(c->at - 4);
}

static bool truth(struct cursor *c) {
    uint8_t value = byte(c);
    if (value > 1)
        bad(c, "a truth value is neither 0 nor 1");
    return value == 1;
}

static uint32_t mode(struct cursor *c) {
    uint32_t value = number(c);
    if (value > 0777)
        bad(c, "a mode is above 0777");
    return value;
}

static const uint8_t *content(struct cursor *c, uint32_t *length) {
    *length = number(c);
    if (*length > (size_t)(c->end - c->at)) {
        bad(c, "a length is beyond the end");
        *length = 0;
    }
    c->at += *length;
    return c->at - *length;
}

// A text carries its closing NUL, so that it can be used where it lies.
static char *text(struct cursor *c) {
    uint32_t length = number(c);
    if (c->failed)
        return NULL;
    if (length >= (size_t)(c->end - c->at)) {
        bad(c, "a length is beyond the end");
        return NULL;
    }
    char *start = (char *)c->at;
    c->at += length + 1;
    if (strnlen(start, (size_t)length + 1) != length) {
        bad(c, "a text has no NUL at its end, or one within");
        return NULL;
    }
    return start;
}

static char *path(struct cursor *c) {
    char *value = text(c);
    if (value != NULL && (value[0] != '/' || strlen(value) >= 4096))
        bad(c, "a path is not absolute or too long");
    return value;
}

static char **texts(struct cursor *c, uint32_t least) {
    uint32_t count = number(c);
    if (count < least || count > PLAN_STRINGS || count > (size_t)(c->end - c->at) / 5) {
        bad(c, "a list has too few or too many texts");
        return NULL;
    }
    char **list = calloc((size_t)count + 1, sizeof *list);
    if (list == NULL) {
        bad(c, "no memory");
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        list[i] = text(c);
    return list;
}

static void read_environment(struct cursor *c, struct step *step) {
    step->environment = texts(c, 0);
    if (c->failed)
        return;
    for (char **e = step->environment; *e != NULL; e++)
        if (strchr(*e, '=') == NULL || **e == '=')
            bad(c, "a variable has no name or no value");
}

static void read_execute(struct cursor *c, struct step *step) {
    step->argv = texts(c, 1);
    read_environment(c, step);
    if (c->failed)
        return;
    if (step->argv[0][0] == '\0')
        bad(c, "the program has no name");
    step->path = path(c);
    step->content = content(c, &step->length);
}

static void read_step(struct cursor *c, struct step *step) {
    step->kind = byte(c);
    step->when = byte(c);
    step->timeout = number(c);
    if (step->when > WHEN_SET_UP)
        bad(c, "an unknown condition");
    if (step->timeout > 0 && step->kind != EXECUTE)
        bad(c, "a time limit of something other than a program");
    switch (step->kind) {
    case EXECUTE:
        read_execute(c, step);
        break;
    case MAKE_DIRECTORY:
        step->path = path(c);
        step->mode = mode(c);
        step->option = truth(c);
        break;
    case WRITE_FILE:
        step->path = path(c);
        step->mode = mode(c);
        step->content = content(c, &step->length);
        step->option = truth(c);
        break;
    case LINK:
        step->other = text(c);
        step->path = path(c);
        break;
    case UNPACK:
        step->other = path(c);
        step->path = path(c);
        step->option = truth(c);
        break;
    case PACK:
        step->path = path(c);
        step->other = path(c);
        if (!c->failed && strlen(step->other) > PACKED_NAME)
            bad(c, "the name of a drive is too long");
        if (++c->packs > PACKED_DRIVES)
            bad(c, "too many drives to pack");
        break;
    case CONNECT:
        step->argv = texts(c, 0);
        step->environment = texts(c, 0);
        step->option = truth(c);
        step->agent = truth(c);
        break;
    case TERMINAL:
        read_environment(c, step);
        step->option = truth(c);
        if (c->step + 1 != c->steps)
            bad(c, "a terminal is not the last step");
        break;
    default:
        bad(c, "unknown kind");
    }
}

int plan_read(uint8_t *bytes, size_t length, struct plan *plan, struct fault *fault) {
    *plan = (struct plan){0};
    if (length < HEADER || memcmp(bytes, "ALPLAN\5\0", 8) != 0)
        return fail(fault, "plan.bin: not a plan of version 5");
    uint32_t count = get_u32(bytes + HEADER - 4);
    if (count > PLAN_STEPS || length > PLAN_BYTES)
        return fail(fault, "plan.bin: %u steps in %zu bytes are too much", count, length);
    plan->steps = calloc((size_t)count + 1, sizeof *plan->steps);
    if (plan->steps == NULL)
        return fail(fault, "plan.bin: no memory for %u steps", count);
    plan->count = count;
    plan->limits = (struct limits){.processes = get_u32(bytes + 8),
                                   .memory = get_u64(bytes + 12),
                                   .scratch = get_u64(bytes + 20)};
    struct cursor c = {.at = bytes + HEADER, .end = bytes + length, .fault = fault,
                       .steps = count};
    for (; c.step < count && !c.failed; c.step++)
        read_step(&c, &plan->steps[c.step]);
    if (!c.failed && c.at != c.end)
        bad(&c, "bytes are left over");
    if (c.failed)
        plan_free(plan);
    return c.failed ? -1 : 0;
}

void plan_free(struct plan *plan) {
    for (uint32_t i = 0; i < plan->count; i++) {
        free(plan->steps[i].argv);
        free(plan->steps[i].environment);
    }
    free(plan->steps);
    *plan = (struct plan){0};
}
