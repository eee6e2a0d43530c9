#include "tests.h"

#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char line[16384];

static void word(const char *text) {
    strcat(line, " ");
    quote(line, sizeof line, (const uint8_t *)text, strlen(text), 1);
}

static void words(char *const *list) {
    strcat(line, " [");
    for (int i = 0; list[i] != NULL; i++) {
        strcat(line, i > 0 ? ", " : "");
        quote(line, sizeof line, (const uint8_t *)list[i], strlen(list[i]), 1);
    }
    strcat(line, "]");
}

static void number(const char *format, unsigned value) {
    snprintf(line + strlen(line), 24, format, value);
}

static void bytes(const struct step *step) {
    strcat(line, " ");
    quote(line, sizeof line, step->content, step->length, 1);
}

static const char *describe(const struct step *step) {
    static const char *const kinds[] = {"", "execute", "make", "write", "link", "unpack", "pack",
                                        "connect", "terminal"};
    snprintf(line, sizeof line, "%s when=%d", kinds[step->kind], step->when);
    if (step->timeout > 0)
        number(" timeout=%u", step->timeout);
    if (step->kind == EXECUTE) {
        words(step->argv);
        words(step->environment);
    }
    if (step->kind == CONNECT) {
        words(step->argv);
        words(step->environment);
    }
    if (step->kind == TERMINAL)
        words(step->environment);
    if (step->kind == LINK || step->kind == UNPACK)
        word(step->other);
    if (step->kind != CONNECT && step->kind != TERMINAL)
        word(step->path);
    if (step->kind == PACK)
        word(step->other);
    if (step->kind == MAKE_DIRECTORY || step->kind == WRITE_FILE)
        number(" %o", step->mode);
    if (step->kind == EXECUTE || step->kind == WRITE_FILE)
        bytes(step);
    if (step->kind == MAKE_DIRECTORY || step->kind == WRITE_FILE || step->kind == UNPACK ||
        step->kind == CONNECT || step->kind == TERMINAL)
        number(" %u", step->option);
    if (step->kind == CONNECT)
        number(" %u", step->agent);
    return line;
}

static void check_steps(const struct test_case *one, const struct plan *plan) {
    if (strcmp(one->want[0], "none") == 0) {
        check(plan->count == 0, one->name, "has %u steps", plan->count);
        return;
    }
    check(plan->count == one->wants, one->name, "has %u steps", plan->count);
    for (uint32_t i = 0; i < plan->count && i < one->wants; i++)
        check(strcmp(describe(&plan->steps[i]), one->want[i]) == 0, one->name,
              "reads %s\n  wanted %s", line, one->want[i]);
}

void test_plan(const struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        const struct test_case *one = &cases->list[i];
        struct plan plan;
        struct fault fault = {0};
        int result = plan_read(one->bytes, one->length, &plan, &fault);
        if (strncmp(one->want[0], "refused ", 8) == 0) {
            check(result < 0, one->name, "was taken");
            check(strstr(fault.text, one->want[0] + 8) != NULL, one->name, "said %s, wanted %s",
                  fault.text, one->want[0] + 8);
        } else {
            check(result == 0, one->name, "%s", fault.text);
            check(plan.limits.processes == 4096 && plan.limits.memory == 4294967301 &&
                      plan.limits.scratch == 7,
                  one->name, "has other limits");
            check_steps(one, &plan);
        }
        plan_free(&plan);
    }
}
