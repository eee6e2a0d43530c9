// A bounded, seeded fuzz of the readers: the cases are the corpus.
#include "tests.h"

#include "dns.h"
#include "frame.h"
#include "plan.h"
#include "pty_message.h"
#include "unpack.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static uint64_t state;

static uint64_t draw(uint64_t below) {
    state ^= state << 13; // xorshift64
    state ^= state >> 7;
    state ^= state << 17;
    return below == 0 ? 0 : state % below;
}

// Half of the mutated headers get a checksum that fits, or nothing behind it would be tested.
static void mend_sums(uint8_t *bytes, size_t length) {
    for (size_t at = 0; at + 512 <= length; at += 512) {
        if (memcmp(bytes + at + 257, "ustar", 5) != 0 || draw(2) == 0)
            continue;
        unsigned sum = 0;
        char text[16];
        memset(bytes + at + 148, ' ', 8);
        for (int i = 0; i < 512; i++)
            sum += bytes[at + i];
        snprintf(text, sizeof text, "%06o", sum);
        memcpy(bytes + at + 148, text, 7);
    }
}

static void mutate_once(uint8_t *bytes, size_t length) {
    static const char *const words[] = {"..", "/", "x", "1", "2", "5", "ustar", "\xff\xff\xff\xff",
                                        "0", "77777777777", "path=", "size=", "../../"};
    size_t at = draw(length), to = draw(length);
    switch (draw(6)) {
    case 0:
        bytes[at] = (uint8_t)(1 << draw(8)) ^ bytes[at];
        break;
    case 1:
        bytes[at] = (uint8_t)draw(256);
        break;
    case 2: {
        const char *word = words[draw(sizeof words / sizeof *words)];
        size_t size = strlen(word) < length - at ? strlen(word) : length - at;
        memcpy(bytes + at, word, size);
        break;
    }
    case 3: // a piece elsewhere
        memmove(bytes + at, bytes + to, draw(length - (at > to ? at : to)));
        break;
    case 4: // one block over another
        at = at / 512 * 512;
        to = to / 512 * 512;
        if (at + 512 <= length && to + 512 <= length)
            memmove(bytes + at, bytes + to, 512);
        break;
    default:
        memset(bytes + at, 0, draw(length - at < 512 ? length - at : 512));
    }
}

static uint8_t *mutated(const struct test_case *one, size_t *length) {
    *length = one->length > 0 && draw(8) == 0 ? draw(one->length) : one->length;
    uint8_t *bytes = malloc(*length + 1); // exactly as long, so that a read too far is seen
    if (*length > 0)
        memcpy(bytes, one->bytes, *length);
    for (uint64_t i = draw(4) + 1; *length > 0 && i > 0; i--)
        mutate_once(bytes, *length);
    return bytes;
}

static void fuzz_plan(const struct test_case *one) {
    size_t length;
    struct plan plan;
    struct fault fault = {0};
    uint8_t *bytes = mutated(one, &length);
    if (plan_read(bytes, length, &plan, &fault) == 0)
        plan_free(&plan);
    else
        check(fault.text[0] != '\0', one->name, "a mutation is refused without a word");
    free(bytes);
}

static void fuzz_frames(const struct test_case *one) {
    size_t length, at = 0;
    struct frame frame;
    struct fault fault = {0};
    ssize_t got;
    uint8_t *bytes = mutated(one, &length);
    for (; (got = frame_read(bytes + at, length - at, &frame, &fault)) > 0; at += (size_t)got)
        check(frame.bytes + frame.length <= bytes + length, one->name, "a frame beyond its bytes");
    check(got == 0 || fault.text[0] != '\0', one->name, "a mutation is refused without a word");
    free(bytes);
}

// The archive is unpacked one directory deeper than what is watched.
static void fuzz_tar(const struct test_case *one, const char *inside) {
    size_t length;
    struct fault fault = {0};
    uint8_t *bytes = mutated(one, &length);
    mend_sums(bytes, length);
    make_file_of("fuzz.tar", bytes, length);
    free(bytes);
    mkdir(inside, 0755);
    if (unpack("fuzz.tar", inside, draw(2), &fault) < 0)
        check(fault.text[0] != '\0', one->name, "a mutation is refused without a word");
    remove_tree(inside);
}

static void fuzz_terminal(const struct test_case *one) {
    size_t length, at = 0;
    struct pty_message message;
    struct pty_size size;
    struct fault fault = {0};
    ssize_t got;
    uint8_t *bytes = mutated(one, &length);
    for (; (got = pty_read(bytes + at, length - at, &message, &fault)) > 0; at += (size_t)got)
        check(message.bytes + message.length <= bytes + length && message.length <= PTY_KEYS_MOST,
              one->name, "a message beyond its bytes");
    check(got == 0 || fault.text[0] != '\0', one->name, "a mutation is refused without a word");
    if (pty_size_read(bytes, (uint32_t)length, &size))
        check(size.columns <= PTY_SIDE_MOST && size.rows <= PTY_SIDE_MOST, one->name, "too large");
    free(bytes);
}

static void fuzz_query(const struct test_case *one) {
    size_t length;
    struct dns_query query;
    uint8_t answer[DNS_MOST], *bytes = mutated(one, &length);
    if (dns_read(bytes, length, &query)) {
        size_t size = dns_write(bytes, &query, dns_address(&query), answer);
        check(size >= 12 && size <= DNS_MOST && strlen(query.name) <= NAME_MOST, one->name,
              "an answer of %zu bytes", size);
    }
    free(bytes);
}

void fuzz(const struct corpus *corpus, uint64_t seed, int rounds) {
    char outside[64], inside[80];
    make_tree(outside);
    snprintf(inside, sizeof inside, "%s/inside", outside);
    state = seed;
    for (int round = 0; round < rounds; round++) {
        for (size_t i = 0; i < corpus->tars.count; i++)
            fuzz_tar(&corpus->tars.list[i], inside);
        for (size_t i = 0; i < corpus->plans.count; i++)
            fuzz_plan(&corpus->plans.list[i]);
        for (size_t i = 0; i < corpus->frames.count; i++)
            fuzz_frames(&corpus->frames.list[i]);
        for (size_t i = 0; i < corpus->terminals.count; i++)
            fuzz_terminal(&corpus->terminals.list[i]);
        for (size_t i = 0; i < corpus->queries.count; i++)
            fuzz_query(&corpus->queries.list[i]);
        check(rmdir(outside) == 0 && mkdir(outside, 0755) == 0, "fuzz",
              "round %d of seed %llu left something outside", round, (unsigned long long)seed);
    }
    remove_tree(outside);
    unlink("fuzz.tar");
}
