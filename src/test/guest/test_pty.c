#include "tests.h"

#include "pty_message.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void describe(const struct pty_message *message, char *line, size_t room) {
    static const char *const types[] = {"", "keys", "size", "hang-up"};
    snprintf(line, room, "%s", types[message->type]);
    if (message->type == PTY_SIZE)
        snprintf(line, room, "size %u %u", message->size.columns, message->size.rows);
    if (message->type == PTY_KEYS) {
        strcat(line, " ");
        quote(line, room, message->bytes, message->length, 1);
    }
}

// What the host says, which this side reads.
static void check_host(const struct test_case *one) {
    static char line[4 * PTY_KEYS_MOST + 100];
    size_t at = 0;
    for (size_t i = 1; i < one->wants; i++) {
        struct pty_message message;
        struct fault fault = {0};
        ssize_t length = pty_read(one->bytes + at, one->length - at, &message, &fault);
        if (length > 0) {
            describe(&message, line, sizeof line);
            at += (size_t)length;
        } else if (length < 0) {
            snprintf(line, sizeof line, "bad %s", fault.text);
        } else {
            strcpy(line, at == one->length ? "closed" : "bad closed within");
        }
        const char *want = one->want[i];
        int same = strncmp(want, "bad ", 4) != 0 ? strcmp(line, want) == 0
            : length < 0 ? strstr(line, want + 4) != NULL : strncmp(want, line, strlen(line)) == 0;
        check(same, one->name, "gives %.200s, wanted %.200s", line, want);
    }
}

// What this side says, as it writes it.
static void check_guest(const struct test_case *one) {
    uint8_t *again = malloc(one->length + 1), *at = again;
    for (size_t i = 1; i + 1 < one->wants; i++) {
        const char *want = one->want[i];
        if (strncmp(want, "output ", 7) == 0) {
            size_t length;
            const char *token = want + 7;
            uint8_t *bytes = case_token(&token, &length);
            pty_head(PTY_OUTPUT, (uint32_t)length, at);
            memcpy(at + PTY_HEAD, bytes, length);
            at += PTY_HEAD + length;
            free(bytes);
        } else {
            pty_head(PTY_EXIT, 1, at);
            at[PTY_HEAD] = (uint8_t)strtoul(want + 5, NULL, 10);
            at += PTY_HEAD + 1;
        }
    }
    check((size_t)(at - again) == one->length &&
              (one->length == 0 || memcmp(again, one->bytes, one->length) == 0),
          one->name, "writes other bytes");
    free(again);
}

static void check_sizes(void) {
    static const char *const good[] = {"1x1", "80x24", "1000x1000"};
    static const char *const bad[] = {"", "x", "80", "80x", "x24", "0x1", "1x0", "1001x1", "1x1001",
                                      "080x24", "+80x24", "80x24 ", " 80x24", "80X24", "80x24x1",
                                      "99999999999999999999x1", "-1x1"};
    struct pty_size size;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        check(pty_size_read((const uint8_t *)good[i], (uint32_t)strlen(good[i]), &size), "sizes",
              "%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        check(!pty_size_read((const uint8_t *)bad[i], (uint32_t)strlen(bad[i]), &size), "sizes",
              "%s is taken", bad[i]);
    pty_size_read((const uint8_t *)"80x24", 5, &size);
    check(size.columns == 80 && size.rows == 24, "sizes", "80x24 is %ux%u", size.columns, size.rows);
}

void test_pty(const struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        const struct test_case *one = &cases->list[i];
        if (strcmp(one->want[0], "from host") == 0)
            check_host(one);
        else if (strcmp(one->want[one->wants - 1], "closed") == 0)
            check_guest(one);
    }
    check_sizes();
}
