#include "steer.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

// Source of the formats: linux/bpf.h, Linux 5.9; the C library that this is built with brings no such
// header.
enum { MAP_CREATE = 0, MAP_UPDATE = 2, PROG_LOAD = 5, LINK_CREATE = 28 };
enum { SOCKMAP = 15, SK_LOOKUP_PROGRAM = 30, SK_LOOKUP_ATTACH = 36 };
enum { CALL_MAP_LOOKUP = 1, CALL_RELEASE = 86, CALL_ASSIGN = 124 };
enum { FAMILY = 8, PROTOCOL = 12, LOCAL_ADDRESS = 40 }; // of struct bpf_sk_lookup
enum { INTERNET = 2, TCP = 6, SK_PASS = 1 };

struct instruction {
    uint8_t code;
    uint8_t to : 4, from : 4;
    int16_t offset;
    int32_t value;
};

enum { COPY = 0xbf, SET = 0xb7, ADD = 0x07, LOAD = 0x61, STORE = 0x62, LOAD_MAP = 0x18,
       FROM_NETWORK = 0xdc, IF_SAME = 0x15, IF_NOT = 0x55, IF_BELOW = 0xa5, IF_ABOVE = 0x25,
       CALL = 0x85, EXIT = 0x95 };
enum { R0, R1, R2, R3, R6 = 6, R7, FRAME = 10 };
enum { MAP_AT = 14, FOUND = 11, PASS = 25, WORDS = PASS + 2 };

// A jump's offset counts from the instruction behind it.
#define TO(place, at) ((int16_t)((place) - (at) - 1))

static const struct instruction steering[WORDS] = {
    {COPY, R6, R1, 0, 0},
    {LOAD, R2, R1, FAMILY, 0},
    {IF_NOT, R2, 0, TO(PASS, 2), INTERNET},
    {LOAD, R2, R1, PROTOCOL, 0},
    {IF_NOT, R2, 0, TO(PASS, 4), TCP},
    {LOAD, R2, R1, LOCAL_ADDRESS, 0},
    {FROM_NETWORK, R2, 0, 0, 32},
    {IF_BELOW, R2, 0, TO(PASS, 7), LISTED_FIRST},
    {IF_BELOW, R2, 0, TO(FOUND, 8), LISTED_END},
    {IF_BELOW, R2, 0, TO(PASS, 9), GIVEN_FIRST},
    {IF_ABOVE, R2, 0, TO(PASS, 10), GIVEN_LAST},
    [FOUND] = {STORE, FRAME, 0, -4, 0},
    {COPY, R2, FRAME, 0, 0},
    {ADD, R2, 0, 0, -4},
    [MAP_AT] = {LOAD_MAP, R1, 1, 0, 0}, // the map's file descriptor comes here
    {0, 0, 0, 0, 0},
    {CALL, 0, 0, 0, CALL_MAP_LOOKUP},
    {IF_SAME, R0, 0, TO(PASS, 17), 0},
    {COPY, R7, R0, 0, 0},
    {COPY, R1, R6, 0, 0},
    {COPY, R2, R7, 0, 0},
    {SET, R3, 0, 0, 0},
    {CALL, 0, 0, 0, CALL_ASSIGN},
    {COPY, R1, R7, 0, 0},
    {CALL, 0, 0, 0, CALL_RELEASE},
    [PASS] = {SET, R0, 0, 0, SK_PASS},
    {EXIT, 0, 0, 0, 0},
};

static int bpf(int command, void *attributes, size_t size) {
    return (int)syscall(SYS_bpf, command, attributes, size);
}

static int map_of(int listening) {
    struct {
        uint32_t type, key_size, value_size, entries, flags;
    } map = {SOCKMAP, 4, 4, 1, 0};
    uint32_t key = 0, value = (uint32_t)listening;
    int fd = bpf(MAP_CREATE, &map, sizeof map);
    struct {
        uint32_t map, padding;
        uint64_t key, value, flags;
    } entry = {(uint32_t)fd, 0, (uint64_t)(uintptr_t)&key, (uint64_t)(uintptr_t)&value, 0};
    if (fd >= 0 && bpf(MAP_UPDATE, &entry, sizeof entry) < 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static int load(int map) {
    static const char license[] = "Apache-2.0"; // none of the helpers wants another
    struct instruction words[WORDS];
    for (int i = 0; i < WORDS; i++)
        words[i] = steering[i];
    words[MAP_AT].value = map;
    struct {
        uint32_t type, count;
        uint64_t words, license;
        uint32_t log_level, log_size;
        uint64_t log;
        uint32_t version, flags;
        char name[16];
        uint32_t interface, attach_type;
    } program = {.type = SK_LOOKUP_PROGRAM,
                 .count = WORDS,
                 .words = (uint64_t)(uintptr_t)words,
                 .license = (uint64_t)(uintptr_t)license,
                 .name = "airlock",
                 .attach_type = SK_LOOKUP_ATTACH};
    return bpf(PROG_LOAD, &program, sizeof program);
}

static int attach(int program) {
    int network = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    struct {
        uint32_t program, target, attach_type, flags;
    } link = {(uint32_t)program, (uint32_t)network, SK_LOOKUP_ATTACH, 0};
    int fd = network < 0 ? -1 : bpf(LINK_CREATE, &link, sizeof link);
    if (network >= 0)
        close(network);
    return fd;
}

// The link holds the program, and that one the map.
int steer_to(int listening) {
    int map = map_of(listening);
    int program = map < 0 ? -1 : load(map);
    int link = program < 0 ? -1 : attach(program);
    if (program >= 0)
        close(program);
    if (map >= 0)
        close(map);
    return link;
}
