// Takes a DNS query as a program of the guest sends it; gives the answer. Source of the format: RFC 1035,
// 4.1; RFC 6761, 6.3 for names below `localhost`.
#ifndef AIRLOCK_DNS_H
#define AIRLOCK_DNS_H

#include "name_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DNS_MOST = 512 };

enum dns_code { DNS_FINE, DNS_MALFORMED, DNS_FAILED, DNS_NO_NAME, DNS_NOT_DONE };

struct dns_query {
    uint8_t code;             // of the answer, as far as the query tells
    bool wants_address;       // of version 4; all other questions have an empty answer
    char name[NAME_MOST + 1]; // in lower case, without the final dot; empty if the query has none
    size_t length;            // of the head and the question, which the answer repeats
};

// False for bytes that get no answer: an answer themselves, or no head.
bool dns_read(const uint8_t *bytes, size_t length, struct dns_query *query);

// The name's address, in host order; 0 where the table gives none.
uint32_t dns_address(const struct dns_query *query);

// Writes the answer and returns its length. Address 0 stands for "no address".
size_t dns_write(const uint8_t *bytes, const struct dns_query *query, uint32_t address,
                 uint8_t answer[DNS_MOST]);

#endif
