#include "cases.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int checked, failed;

void check(int holds, const char *test, const char *format, ...) {
    checked++;
    if (holds)
        return;
    failed++;
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "FAILED %s: ", test);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

struct bytes {
    uint8_t *at;
    size_t length;
};

static void add(struct bytes *to, const void *from, size_t length) {
    if (length == 0)
        return;
    to->at = realloc(to->at, to->length + length);
    memcpy(to->at + to->length, from, length);
    to->length += length;
}

static void add_zeros(struct bytes *to, size_t length) {
    static const uint8_t zero[512];
    for (; length > 512; length -= 512)
        add(to, zero, 512);
    add(to, zero, length);
}

static void add_number(struct bytes *to, uint64_t value, int size) {
    for (int i = 0; i < size; i++, value >>= 8)
        add(to, &(uint8_t){(uint8_t)value}, 1);
}

static int hex(const char *at) {
    char pair[3] = {at[0], at[0] ? at[1] : 0, 0};
    return isxdigit((unsigned char)pair[0]) && isxdigit((unsigned char)pair[1])
               ? (int)strtol(pair, NULL, 16) : -1;
}

static const char *quoted(const char *at, struct bytes *to) {
    for (at++; *at != '"'; at++) {
        char c = *at;
        if (c == '\\') {
            c = *++at;
            if (c == 'x') {
                c = (char)hex(at + 1);
                at += 2;
            } else {
                c = c == 'n' ? '\n' : c == '0' ? '\0' : c;
            }
        }
        add(to, &c, 1);
    }
    return at + 1;
}

static const char *prefixed(const char *at, struct bytes *to) {
    struct bytes text = {0};
    char kind = *at;
    at = quoted(at + 1, &text);
    add_number(to, text.length, kind == 's' ? 2 : 4);
    add(to, text.at, text.length);
    if (kind == 't')
        add_zeros(to, 1);
    free(text.at);
    return at;
}

static const char *plain(const char *at, struct bytes *to) {
    if (*at == '"')
        return quoted(at, to);
    if (at[0] != '\0' && strchr("sbt", at[0]) != NULL && at[1] == '"')
        return prefixed(at, to);
    if (at[0] == 'u' && isdigit((unsigned char)at[1])) {
        char *colon;
        int bits = (int)strtol(at + 1, &colon, 10);
        char *end;
        add_number(to, strtoull(colon + 1, &end, 10), bits / 8);
        return end;
    }
    if (strncmp(at, "@end", 4) == 0) {
        add_zeros(to, 1024);
        return at + 4;
    }
    for (; hex(at) >= 0; at += 2)
        add(to, &(uint8_t){(uint8_t)hex(at)}, 1);
    return at;
}

uint8_t *case_token(const char **at, size_t *length) {
    struct bytes token = {0};
    *at = plain(*at, &token);
    if (**at == '/') {
        size_t to = strtoul(*at + 1, (char **)at, 10);
        add_zeros(&token, to > token.length ? to - token.length : 0);
    } else if (**at == '*') {
        size_t times = strtoul(*at + 1, (char **)at, 10), once = token.length;
        token.at = realloc(token.at, once * times + 1);
        for (; token.length < once * times; token.length += once)
            memcpy(token.at + token.length, token.at, once);
    }
    *length = token.length;
    return token.at;
}

static void sum(struct bytes *b, size_t at) {
    unsigned total = 0;
    for (size_t i = at / 512 * 512; i < at / 512 * 512 + 512 && i < b->length; i++)
        total += b->at[i];
    char text[16];
    snprintf(text, sizeof text, "%06o", total);
    memcpy(b->at + at, text, 7);
}

static void tokens(const char *at, struct bytes *to) {
    size_t sums[16], count = 0;
    while (*(at += strspn(at, " \n")) != '\0') {
        if (*at == '|') {
            add_zeros(to, (512 - to->length % 512) % 512);
            at++;
        } else if (strncmp(at, "@sum", 4) == 0) {
            sums[count++] = to->length;
            add(to, "        ", 8);
            at += 4;
        } else {
            size_t length;
            const char *from = at;
            uint8_t *token = case_token(&at, &length);
            add(to, token, length);
            free(token);
            if (at == from) {
                fprintf(stderr, "not a token: %.40s\n", at);
                exit(2);
            }
        }
    }
    for (size_t i = 0; i < count; i++)
        sum(to, sums[i]);
}

static char *read_text(const char *directory, const char *file) {
    char path[1000];
    snprintf(path, sizeof path, "%s/%s", directory, file);
    FILE *in = fopen(path, "r");
    char *text = NULL;
    size_t size = 0;
    if (in == NULL || getdelim(&text, &size, '\0', in) < 0) {
        perror(path);
        exit(2);
    }
    fclose(in);
    return text;
}

static void read_line(struct cases *cases, const char *line, struct bytes *text) {
    struct test_case *last = cases->count > 0 ? &cases->list[cases->count - 1] : NULL;
    if (strncmp(line, "== ", 3) == 0) {
        cases->list = realloc(cases->list, (cases->count + 1) * sizeof *cases->list);
        cases->list[cases->count++] = (struct test_case){.name = strdup(line + 3)};
    } else if (strncmp(line, "bytes:", 6) == 0) {
        add(text, line + 6, strlen(line + 6));
    } else if (line[0] == ' ') {
        add(text, line, strlen(line));
    } else if (strncmp(line, "want: ", 6) == 0 && last != NULL) {
        if (last->wants == 0) {
            struct bytes value = {0};
            add(text, "", 1);
            tokens((char *)text->at, &value);
            last->bytes = value.at;
            last->length = value.length;
            text->length = 0;
        }
        last->want = realloc(last->want, (last->wants + 1) * sizeof *last->want);
        last->want[last->wants++] = strdup(line + 6);
    }
}

struct cases cases_read(const char *directory, const char *file) {
    struct cases cases = {0};
    struct bytes text = {0};
    char *all = read_text(directory, file), *rest = all;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        read_line(&cases, line, &text);
    free(text.at);
    free(all);
    check(cases.count > 10, file, "has %zu cases only", cases.count);
    return cases;
}

void cases_free(struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        struct test_case *one = &cases->list[i];
        for (size_t k = 0; k < one->wants; k++)
            free(one->want[k]);
        free(one->want);
        free(one->bytes);
        free((char *)one->name);
    }
    free(cases->list);
}
