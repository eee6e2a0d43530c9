#include "doors.h"

#include "bytes.h"
#include "others.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FIRST = 0x7f010001, BACKLOG = 128 }; // 127.1.0.1

struct place {
    size_t host;   // length of its name
    uint16_t port;
    uint32_t address;
};

static int read_place(const char *target, struct place *place, struct fault *fault) {
    const char *colon = strrchr(target, ':');
    char *end;
    unsigned long port = colon == NULL ? 0 : strtoul(colon + 1, &end, 10);
    if (port < 1 || port > UINT16_MAX || *end != '\0' || colon == target ||
        strcspn(target, " \t\n#") != strlen(target))
        return fail(fault, "no HOST:PORT: %.100s", target);
    *place = (struct place){.host = (size_t)(colon - target), .port = (uint16_t)port};
    return 0;
}

// A host has one address, however many of its ports are listed.
static bool has_address(char *const *targets, struct place *places, uint32_t index) {
    struct place *place = &places[index];
    for (uint32_t i = 0; i < index; i++)
        if (places[i].host == place->host &&
            strncmp(targets[i], targets[index], place->host) == 0) {
            place->address = places[i].address;
            return true;
        }
    return false;
}

static int tell_hosts(int fd, const char *target, const struct place *place, struct fault *fault) {
    char line[600];
    const struct in_addr address = {htonl(place->address)};
    int length = snprintf(line, sizeof line, "%s\t%.*s\n", inet_ntoa(address), (int)place->host,
                          target);
    if (length >= (int)sizeof line || write_all(fd, line, (size_t)length) < 0)
        return fail_errno(fault, "cannot add to %s", hosts_file);
    return 0;
}

static int listen_at(uint32_t address, uint16_t port, struct fault *fault) {
    const struct sockaddr_in at = {AF_INET, htons(port), {htonl(address)}, {0}};
    const int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof at) < 0 || listen(fd, BACKLOG) < 0) {
        fail_errno(fault, "cannot listen at %s:%u", inet_ntoa(at.sin_addr), port);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static int open_door(struct doors *doors, struct place *places, int hosts, struct fault *fault) {
    static uint32_t next = FIRST;
    uint32_t index = doors->count;
    const char *target = doors->targets[index];
    struct place *place = &places[index];
    if (read_place(target, place, fault) < 0)
        return -1;
    if (!has_address(doors->targets, places, index)) {
        place->address = next++;
        if (tell_hosts(hosts, target, place, fault) < 0)
            return -1;
    }
    doors->fds[index] = listen_at(place->address, place->port, fault);
    if (doors->fds[index] < 0)
        return -1;
    doors->count++;
    return 0;
}

static int open_all(struct doors *doors, int hosts, struct fault *fault) {
    static struct place places[DOORS];
    for (char *const *target = doors->targets; *target != NULL; target++) {
        if (doors->count == DOORS)
            return fail(fault, "more than %d places to connect to", DOORS);
        if (open_door(doors, places, hosts, fault) < 0)
            return -1;
    }
    if (!doors->proxy)
        return 0;
    int fd = listen_at(INADDR_LOOPBACK, proxy_port(), fault);
    if (fd >= 0)
        doors->fds[doors->count++] = fd;
    return fd < 0 ? -1 : 0;
}

int doors_open(char *const *targets, bool proxy, struct doors *doors, struct fault *fault) {
    *doors = (struct doors){.targets = targets, .proxy = proxy};
    int hosts = open(hosts_file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (hosts < 0)
        return fail_errno(fault, "cannot open %s", hosts_file);
    int result = open_all(doors, hosts, fault);
    close(hosts);
    while (result < 0 && doors->count > 0)
        close(doors->fds[--doors->count]);
    return result;
}
