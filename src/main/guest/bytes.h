// Little-endian numbers in byte arrays, and reads and writes that are never short.
#ifndef AIRLOCK_BYTES_H
#define AIRLOCK_BYTES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

static inline uint8_t *put_u16(uint8_t *at, uint16_t value) {
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    return at + 2;
}

static inline uint8_t *put_u32(uint8_t *at, uint32_t value) {
    at = put_u16(at, (uint16_t)value);
    return put_u16(at, (uint16_t)(value >> 16));
}

static inline uint8_t *put_u64(uint8_t *at, uint64_t value) {
    at = put_u32(at, (uint32_t)value);
    return put_u32(at, (uint32_t)(value >> 32));
}

static inline uint32_t get_u32(const uint8_t *at) {
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static inline uint64_t get_u64(const uint8_t *at) {
    return get_u32(at) | (uint64_t)get_u32(at + 4) << 32;
}

// All of it; 0, or -1 with errno.
int write_all(int fd, const void *bytes, size_t length);

// Until length or the end of the file; how many bytes came, or -1 with errno.
ssize_t read_full(int fd, void *bytes, size_t length);

#endif
