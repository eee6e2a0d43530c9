#include "host_line.h"

#include <string.h>

static const char *number(const char *text, int most, int64_t *value) {
    int digits = 0;
    *value = 0;
    for (; text[digits] >= '0' && text[digits] <= '9'; digits++) {
        if (digits == most)
            return NULL;
        *value = *value * 10 + (text[digits] - '0');
    }
    return digits > 0 ? text + digits : NULL;
}

static int digit(char c) {
    const char *digits = "0123456789abcdef", *found = c == '\0' ? NULL : strchr(digits, c);
    return found == NULL ? -1 : (int)(found - digits);
}

static const char *after(const char *text, const char *word) {
    size_t length = strlen(word);
    return strncmp(text, word, length) == 0 ? text + length : NULL;
}

bool host_line_parse(const char *text, struct host_line *line) {
    int64_t nanoseconds;
    const char *rest = after(text, "RUN 1 ");
    line->rehearsal = rest == NULL;
    if (rest == NULL)
        rest = after(text, "REHEARSE 1 ");
    if (rest == NULL)
        return false;
    text = number(rest, 12, &line->seconds);
    if (text == NULL || *text != ' ')
        return false;
    text = number(text + 1, 9, &nanoseconds);
    if (text == NULL || *text != ' ' || strlen(text + 1) != 2 * SEED)
        return false;
    line->nanoseconds = (int32_t)nanoseconds;
    for (int i = 0; i < SEED; i++) {
        int high = digit(text[1 + 2 * i]), low = digit(text[2 + 2 * i]);
        if (high < 0 || low < 0)
            return false;
        line->seed[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}
