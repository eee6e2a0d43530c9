#include "tar.h"

#include <string.h>

static int pax_text(const char *key, char *to, bool *has, const char *value, size_t length,
                    struct fault *fault) {
    if (*has)
        return fail(fault, "tar: PAX %s is there twice", key);
    if (length == 0 || length >= TAR_NAME || memchr(value, 0, length) != NULL)
        return fail(fault, "tar: PAX %s is empty, too long or has a NUL", key);
    memcpy(to, value, length);
    to[length] = '\0';
    *has = true;
    return 0;
}

static int pax_size(struct tar_pax *pax, const char *value, size_t length, struct fault *fault) {
    if (pax->has_size || length == 0 || length > 18)
        return fail(fault, "tar: PAX size is there twice, empty or too long");
    for (size_t i = 0; i < length; i++) {
        if (value[i] < '0' || value[i] > '9')
            return fail(fault, "tar: PAX size is not a number");
        pax->size = pax->size * 10 + (uint64_t)(value[i] - '0');
    }
    pax->has_size = true;
    return 0;
}

static int pax_record(const char *text, size_t length, struct tar_pax *pax,
                      struct tar_entry *entry, struct fault *fault) {
    const char *sign = memchr(text, '=', length);
    if (sign == NULL)
        return fail(fault, "tar: PAX record without =");
    size_t key = (size_t)(sign - text), value = length - key - 1;
    if (key == 4 && memcmp(text, "path", 4) == 0)
        return pax_text("path", entry->path, &pax->has_path, sign + 1, value, fault);
    if (key == 8 && memcmp(text, "linkpath", 8) == 0)
        return pax_text("linkpath", entry->link, &pax->has_link, sign + 1, value, fault);
    if (key == 4 && memcmp(text, "size", 4) == 0)
        return pax_size(pax, sign + 1, value, fault);
    return fail(fault, "tar: unknown PAX key");
}

// Records are "LENGTH KEY=VALUE\n", where LENGTH counts itself.
int tar_pax(const char *text, size_t length, struct tar_pax *pax, struct tar_entry *entry,
            struct fault *fault) {
    while (length > 0) {
        size_t size = 0, digits = 0;
        while (digits < length && digits < 5 && text[digits] >= '0' && text[digits] <= '9')
            size = size * 10 + (size_t)(text[digits++] - '0');
        if (digits == 0 || text[0] == '0' || size > length || size < digits + 3)
            return fail(fault, "tar: PAX record with a wrong length");
        if (text[digits] != ' ' || text[size - 1] != '\n')
            return fail(fault, "tar: PAX record not ended where its length says");
        size_t head = digits + 1;
        if (pax_record(text + head, size - head - 1, pax, entry, fault) < 0)
            return -1;
        text += size;
        length -= size;
    }
    return 0;
}
