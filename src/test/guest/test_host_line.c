#include "tests.h"

#include "host_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void test_host_line(const struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        const struct test_case *one = &cases->list[i];
        struct host_line line;
        char said[200], *text = calloc(1, one->length + 1);
        if (one->length > 0)
            memcpy(text, one->bytes, one->length);
        if (host_line_parse(text, &line)) {
            int used = snprintf(said, sizeof said, "%s %lld %d ",
                                line.rehearsal ? "rehearsal" : "line", (long long)line.seconds,
                                line.nanoseconds);
            for (int k = 0; k < SEED; k++)
                used += snprintf(said + used, sizeof said - (size_t)used, "%02x", line.seed[k]);
        } else {
            strcpy(said, "refused");
        }
        check(strcmp(said, one->want[0]) == 0, one->name, "gives %s, wanted %s", said, one->want[0]);
        free(text);
    }
}
