#include "proxy.h"

#include <string.h>

const char proxy_connected[] = "HTTP/1.1 200 Connected\r\n\r\n";
const char proxy_refused[] = "HTTP/1.1 403 ";
const char proxy_no_connect[] =
    "HTTP/1.1 405 This proxy knows CONNECT only\r\nAllow: CONNECT\r\nConnection: close\r\n\r\n";
const char proxy_too_long[] =
    "HTTP/1.1 431 The head of the request is longer than 8 KiB\r\nConnection: close\r\n\r\n";

static const char method[] = "CONNECT ";

enum { METHOD = sizeof method - 1 };

ssize_t proxy_head(const uint8_t *bytes, size_t length, char target[FRAME_TEXT + 1]) {
    if (memcmp(bytes, method, length < METHOD ? length : METHOD) != 0)
        return PROXY_NONE;
    const uint8_t *end = memmem(bytes, length, "\r\n\r\n", 4);
    if (end == NULL)
        return length < PROXY_HEAD ? 0 : PROXY_TOO_LONG;
    const char *at = (const char *)bytes + METHOD;
    size_t size = 0;
    while (at[size] > ' ' && at[size] <= '~')
        size++;
    if (size < 1 || size > FRAME_TEXT || strncmp(at + size, " HTTP/1.", 8) != 0)
        return PROXY_NONE;
    memcpy(target, at, size);
    target[size] = '\0';
    return end + 4 - bytes;
}
