#include "dns.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

enum { HEAD = 12, LABEL = 63, INTERNET = 1, ADDRESS = 1 };
enum { ANSWER = 0x80, OPERATION = 0x78, WANTS_RECURSION = 1, HAS_RECURSION = 0x80 }; // of two bytes
enum { POINTER = 0xc0 }; // at its other byte the name is repeated

static bool is_letter(uint8_t c) {
    return isalnum(c) || c == '-' || c == '_';
}

// Labels to the one without length, at `*at`, which moves behind it. False where they are cut, too many,
// or compressed, which a query cannot be. A name with other letters than hosts have is read as none.
static bool read_name(const uint8_t *bytes, size_t length, size_t *at, struct dns_query *query) {
    size_t size = 0;
    for (uint8_t label; *at < length && (label = bytes[(*at)++]) > 0; *at += label) {
        if (label > LABEL || label >= length - *at || size + label + 1 > sizeof query->name)
            return false;
        if (size > 0)
            query->name[size - 1] = '.';
        for (uint8_t i = 0; i < label; i++) {
            uint8_t letter = bytes[*at + i];
            if (!is_letter(letter))
                query->code = DNS_NO_NAME;
            query->name[size++] = (char)tolower(letter);
        }
        query->name[size++] = '\0';
    }
    return *at <= length && bytes[*at - 1] == 0;
}

static uint16_t number(const uint8_t *bytes) {
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static bool read_question(const uint8_t *bytes, size_t length, struct dns_query *query) {
    size_t at = HEAD;
    if (number(bytes + 4) != 1 || number(bytes + 6) != 0 || length <= HEAD ||
        !read_name(bytes, length, &at, query) || length - at < 4)
        return false;
    query->wants_address = number(bytes + at) == ADDRESS && number(bytes + at + 2) == INTERNET;
    query->length = at + 4;
    return true;
}

bool dns_read(const uint8_t *bytes, size_t length, struct dns_query *query) {
    *query = (struct dns_query){.length = HEAD};
    if (length < HEAD || (bytes[2] & ANSWER) != 0)
        return false;
    if ((bytes[2] & OPERATION) != 0) {
        query->code = DNS_NOT_DONE;
    } else if (!read_question(bytes, length, query)) {
        *query = (struct dns_query){.length = HEAD, .code = DNS_MALFORMED};
    }
    if (query->code != DNS_FINE)
        query->name[0] = '\0';
    return true;
}

static bool is_this_machine(const char *name) {
    static const char own[] = "localhost";
    size_t length = strlen(name), size = sizeof own - 1;
    return length >= size && strcmp(name + length - size, own) == 0 &&
        (length == size || name[length - size - 1] == '.');
}

uint32_t dns_address(const struct dns_query *query) {
    if (!query->wants_address || query->name[0] == '\0')
        return 0;
    return is_this_machine(query->name) ? INADDR_LOOPBACK : name_table_address(query->name);
}

size_t dns_write(const uint8_t *bytes, const struct dns_query *query, uint32_t address,
                 uint8_t answer[DNS_MOST]) {
    const uint8_t found[] = {POINTER, HEAD, 0, ADDRESS, 0, INTERNET, 0, 0, 0, 0, 0, 4,
                             (uint8_t)(address >> 24), (uint8_t)(address >> 16),
                             (uint8_t)(address >> 8), (uint8_t)address};
    bool failed = query->code == DNS_FINE && query->wants_address && query->name[0] != '\0' &&
        address == 0;
    memcpy(answer, bytes, query->length);
    answer[2] = (uint8_t)(ANSWER | (bytes[2] & (OPERATION | WANTS_RECURSION)));
    answer[3] = (uint8_t)(HAS_RECURSION | (failed ? DNS_FAILED : query->code));
    memset(answer + 4, 0, HEAD - 4);
    answer[5] = query->length > HEAD;
    if (address == 0)
        return query->length;
    answer[7] = 1;
    memcpy(answer + query->length, found, sizeof found); // kept for no time: it may lose its name
    return query->length + sizeof found;
}
