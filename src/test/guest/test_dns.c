#include "tests.h"

#include "dns.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// "no answer", or the answer's code, the name and its address, each "-" where there is none.
static void say(const uint8_t *bytes, size_t length, const char *test, char said[300]) {
    struct dns_query query, again;
    uint8_t answer[DNS_MOST];
    strcpy(said, "no answer");
    if (!dns_read(bytes, length, &query))
        return;
    uint32_t address = dns_address(&query);
    size_t size = dns_write(bytes, &query, address, answer);
    check(size <= DNS_MOST && size == query.length + (address > 0 ? 16 : 0), test, "%zu bytes", size);
    check(memcmp(answer, bytes, 2) == 0 && !dns_read(answer, size, &again), test, "is no answer");
    check(memcmp(answer + 12, bytes + 12, query.length - 12) == 0, test, "another question");
    check(address == 0 || query.code == DNS_FINE, test, "an address of what is refused");
    snprintf(said, 300, "%u %s %s", answer[3] & 0xf, query.name[0] == '\0' ? "-" : query.name,
             address == 0 ? "-" : address == 0x7f000001 ? "here" : "there");
}

// No address is given out twice, and a name that has lost its own gets another.
static void test_table(void) {
    char name[32];
    uint32_t first = name_table_address("first.example");
    check(name_table_address("first.example") == first, "name table", "two addresses of one name");
    check(strcmp(name_table_name(first), "first.example") == 0, "name table", "another name");
    for (int i = 0; i < NAMES; i++) {
        snprintf(name, sizeof name, "n%d.example", i);
        uint32_t address = name_table_address(name);
        check(address > first && strcmp(name_table_name(address), name) == 0, "name table",
              "%s has lost its address", name);
    }
    check(name_table_name(first) == NULL, "name table", "an address has another's name");
    check(name_table_name(0) == NULL && name_table_name(UINT32_MAX) == NULL &&
          name_table_name(first + 2 * NAMES) == NULL, "name table", "a name of no address");
    check(name_table_address("first.example") != first, "name table", "an address is given again");
}

void test_dns(const struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        const struct test_case *one = &cases->list[i];
        char said[300];
        uint8_t *exact = malloc(one->length); // no longer, so that a read too far is seen
        if (one->length > 0)
            memcpy(exact, one->bytes, one->length);
        say(exact, one->length, one->name, said);
        check(strcmp(said, one->want[0]) == 0, one->name, "gives %s, wanted %s", said, one->want[0]);
        free(exact);
    }
    test_table();
}
