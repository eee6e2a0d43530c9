#include "resolver.h"

#include "bytes.h"
#include "dns.h"
#include "others.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { QUERIES = 64 }; // answered in one turn

// The image's own may be a link that leads nowhere, or name a server that is not there.
static int write_resolv(struct in_addr at, struct fault *fault) {
    char line[64];
    snprintf(line, sizeof line, "nameserver %s\n", inet_ntoa(at));
    if (unlink(resolv_file) < 0 && errno != ENOENT)
        return fail_errno(fault, "cannot replace %s", resolv_file);
    int fd = open(resolv_file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    int result = fd < 0 || write_all(fd, line, strlen(line)) < 0
        ? fail_errno(fault, "cannot write %s", resolv_file) : 0;
    if (fd >= 0)
        close(fd);
    return result;
}

int resolver_open(struct fault *fault) {
    const struct sockaddr_in at = {AF_INET, htons(resolver_port()), {htonl(RESOLVER)}, {0}};
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof at) < 0)
        fail_errno(fault, "cannot answer names at %s:%u", inet_ntoa(at.sin_addr), resolver_port());
    else if (write_resolv(at.sin_addr, fault) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

void resolver_turn(int fd) {
    uint8_t bytes[DNS_MOST], answer[DNS_MOST];
    struct dns_query query;
    for (int i = 0; i < QUERIES; i++) {
        struct sockaddr_in from;
        socklen_t size = sizeof from;
        ssize_t got = recvfrom(fd, bytes, sizeof bytes, 0, (struct sockaddr *)&from, &size);
        if (got < 0 && errno != EINTR)
            return;
        if (got < 0 || !dns_read(bytes, (size_t)got, &query))
            continue;
        size_t length = dns_write(bytes, &query, dns_address(&query), answer);
        sendto(fd, answer, length, 0, (struct sockaddr *)&from, size);
    }
}
