#include "tests.h"

#include "record.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Stands in for clock.c: the time that a record is to carry.
static uint64_t now;

uint64_t monotonic(void) {
    return now * 1000;
}

static unsigned long number(const char **at) {
    return strtoul(*at, (char **)at, 10);
}

static void text(const char **at, char *to, size_t room) {
    size_t length;
    *at += strspn(*at, " ");
    uint8_t *token = case_token(at, &length);
    snprintf(to, room, "%.*s", (int)length, (char *)token);
    free(token);
}

static void write_output(struct journal *journal, const char *at) {
    uint32_t step = (uint32_t)number(&at);
    now = number(&at);
    uint8_t stream = (uint8_t)number(&at);
    size_t length;
    at++;
    uint8_t *token = case_token(&at, &length);
    memcpy(output_buffer(), token, length);
    free(token);
    record_output(journal, step, stream, length);
}

static void write_ended(struct journal *journal, const char *at) {
    struct step_end end = {0};
    char kind[20];
    int used;
    uint32_t step = (uint32_t)number(&at);
    now = number(&at);
    sscanf(at, " %19s%n", kind, &used);
    at += used;
    end.kind = strcmp(kind, "exited") == 0 ? END_EXITED
        : strcmp(kind, "signalled") == 0 ? END_SIGNALLED
        : strcmp(kind, "out-of-memory") == 0 ? END_OUT_OF_MEMORY
        : strcmp(kind, "disk-full") == 0 ? END_DISK_FULL
        : strcmp(kind, "too-many-processes") == 0 ? END_PROCESSES
        : strcmp(kind, "timed-out") == 0 ? END_TIMED_OUT : END_REFUSED;
    if (end.kind <= END_SIGNALLED)
        end.value = (int32_t)number(&at);
    if (end.kind == END_DISK_FULL || end.kind == END_REFUSED)
        text(&at, end.detail, sizeof end.detail);
    end.user = number(&at);
    end.system = number(&at);
    end.peak = number(&at);
    record_ended(journal, step, &end);
}

static void write_finished(struct journal *journal, const char *at) {
    struct packed packed[PACKED_DRIVES];
    uint32_t count = 0;
    char word[300];
    int used;
    now = number(&at);
    sscanf(at, " %299s%n", word, &used);
    int passed = strcmp(word, "passed") == 0;
    for (at += used; sscanf(at, " %255[^=]=%n", packed[count].device, &used) == 1; count++) {
        at += used;
        packed[count].length = number(&at);
    }
    record_finished(journal, passed, packed, count);
}

static void write_record(struct journal *journal, const char *want) {
    const char *at = strchr(want, ' ');
    if (strncmp(want, "ready", 5) == 0)
        record_ready(journal);
    if (strncmp(want, "output", 6) == 0)
        write_output(journal, at);
    if (strncmp(want, "ended", 5) == 0)
        write_ended(journal, at);
    if (strncmp(want, "finished", 8) == 0)
        write_finished(journal, at);
    if (strncmp(want, "started", 7) == 0) {
        uint32_t step = (uint32_t)number(&at);
        now = number(&at);
        record_started(journal, step);
    }
    if (strncmp(want, "broke", 5) == 0) {
        char why[512];
        now = number(&at);
        text(&at, why, sizeof why);
        record_broke(journal, why);
    }
}

void test_records(const struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        const struct test_case *one = &cases->list[i];
        if (strcmp(one->want[one->wants - 1], "end") != 0)
            continue; // nothing that this side would write
        struct journal journal = {.fd = open("records", O_RDWR | O_CREAT | O_TRUNC, 0600)};
        for (size_t k = 0; k < one->wants; k++)
            write_record(&journal, one->want[k]);
        uint8_t *bytes = malloc(one->length + 1);
        lseek(journal.fd, 0, SEEK_SET);
        ssize_t got = read(journal.fd, bytes, one->length + 1);
        check(got == (ssize_t)one->length &&
              (got == 0 || memcmp(bytes, one->bytes, one->length) == 0),
              one->name, "writes other bytes: %zd of %zu", got, one->length);
        free(bytes);
        close(journal.fd);
    }
    unlink("records");
}
