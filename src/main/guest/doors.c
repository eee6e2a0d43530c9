#include "doors.h"

#include "bytes.h"
#include "frame.h"
#include "name_table.h"
#include "others.h"
#include "resolver.h"
#include "run_folder.h"
#include "steer.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 128, NAMES_BACKLOG = 4096, TOKEN_NAME = 63 };

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

// The address of the next host, once the hosts file has it under this name.
static int next_address(int hosts, const char *name, size_t length, const char *domain,
                        uint32_t *address, struct fault *fault) {
    static uint32_t next = LISTED_FIRST + 1;
    char line[600];
    const struct in_addr at = {htonl(next)};
    int size = snprintf(line, sizeof line, "%s\t%.*s%s\n", inet_ntoa(at), (int)length, name,
                        domain);
    if (size >= (int)sizeof line || write_all(hosts, line, (size_t)size) < 0)
        return fail_errno(fault, "cannot add to %s", hosts_file);
    *address = next++;
    return 0;
}

static int listen_at(uint32_t address, uint16_t port, int backlog, struct fault *fault) {
    const struct sockaddr_in at = {AF_INET, htons(port), {htonl(address)}, {0}};
    const int yes = 1;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd >= 0)
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&at, sizeof at) < 0 || listen(fd, backlog) < 0) {
        fail_errno(fault, "cannot listen at %s:%u", inet_ntoa(at.sin_addr), port);
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

static bool address_of(int socket, uint32_t *address, uint16_t *port) {
    struct sockaddr_in at = {0};
    socklen_t length = sizeof at;
    if (getsockname(socket, (struct sockaddr *)&at, &length) < 0 || at.sin_family != AF_INET)
        return false;
    *address = ntohl(at.sin_addr.s_addr);
    *port = ntohs(at.sin_port);
    return true;
}

static int add(struct doors *doors, int fd, enum door_use use, uint8_t kind, const char *target) {
    if (fd < 0)
        return -1;
    struct door door = {.fd = fd, .use = use, .kind = kind, .target = target};
    address_of(fd, &door.address, &door.port);
    doors->list[doors->count++] = door;
    return 0;
}

static int open_targets(char *const *targets, struct doors *doors, int hosts, struct fault *fault) {
    static struct place places[DOORS];
    for (uint32_t i = 0; targets[i] != NULL; i++) {
        struct place *place = &places[i];
        if (i == DOORS)
            return fail(fault, "more than %d places to connect to", DOORS);
        if (read_place(targets[i], place, fault) < 0)
            return -1;
        if (!has_address(targets, places, i) &&
            next_address(hosts, targets[i], place->host, "", &place->address, fault) < 0)
            return -1;
        if (add(doors, listen_at(place->address, place->port, BACKLOG, fault), DOOR_TARGET,
                STREAM_CONNECT, targets[i]) < 0)
            return -1;
    }
    return 0;
}

static bool is_token(const char *name) {
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
    return length >= 1 && length <= TOKEN_NAME && name[length] == '\0';
}

static int open_tokens(char *const *tokens, struct doors *doors, int hosts, struct fault *fault) {
    for (uint32_t i = 0; tokens[i] != NULL; i++) {
        uint32_t address;
        if (i == DOORS)
            return fail(fault, "more than %d tokens", DOORS);
        if (!is_token(tokens[i]))
            return fail(fault, "no name of a token: %.100s", tokens[i]);
        if (next_address(hosts, tokens[i], strlen(tokens[i]), ".token.internal", &address,
                         fault) < 0 ||
            add(doors, listen_at(address, token_port(), BACKLOG, fault), DOOR_TARGET,
                STREAM_TOKEN, tokens[i]) < 0)
            return -1;
    }
    return 0;
}

static int open_all(const struct offers *offers, struct doors *doors, int hosts,
                    struct fault *fault) {
    if (open_targets(offers->targets, doors, hosts, fault) < 0 ||
        open_tokens(offers->tokens, doors, hosts, fault) < 0)
        return -1;
    if (offers->agent && add(doors, run_folder_agent(fault), DOOR_TARGET, STREAM_AGENT, "") < 0)
        return -1;
    if (!offers->proxy)
        return 0;
    if (run_folder_connect(fault) < 0)
        return -1;
    return add(doors, listen_at(INADDR_LOOPBACK, proxy_port(), BACKLOG, fault),
               DOOR_PROXY, STREAM_CONNECT, NULL);
}

// Every other name, and the other ports of listed hosts.
static int open_names(struct doors *doors, struct fault *fault) {
    int fd = listen_at(GIVEN_FIRST + 1, resolver_port(), NAMES_BACKLOG, fault);
    if (fd < 0)
        return -1;
    doors->steering = steer_to(fd);
    if (doors->steering < 0) {
        console("names that are not listed do not resolve: this kernel cannot steer connections: %m");
        close(fd);
        return 0;
    }
    doors->resolver = resolver_open(fault);
    return add(doors, fd, DOOR_NAMES, STREAM_CONNECT, NULL) < 0 || doors->resolver < 0 ? -1 : 0;
}

int doors_open(const struct offers *offers, struct doors *doors, struct fault *fault) {
    doors->count = 0;
    doors->steering = doors->resolver = -1;
    int hosts = open(hosts_file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    if (hosts < 0)
        return fail_errno(fault, "cannot open %s", hosts_file);
    int result = open_all(offers, doors, hosts, fault) < 0 ? -1 : open_names(doors, fault);
    close(hosts);
    if (result < 0)
        doors_close(doors);
    return result;
}

static const struct door *door_at(const struct doors *doors, uint32_t address, uint16_t port) {
    for (uint32_t i = 0; i < doors->count; i++)
        if (doors->list[i].address == address && doors->list[i].port == port)
            return &doors->list[i];
    return NULL;
}

// A listed host at a port that is not listed has its name from another door.
static const char *host_at(const struct doors *doors, uint32_t address, size_t *length) {
    const char *name = name_table_name(address);
    for (uint32_t i = 0; name == NULL && i < doors->count; i++)
        if (doors->list[i].address == address && doors->list[i].kind == STREAM_CONNECT)
            name = doors->list[i].target;
    *length = name == NULL ? 0 : strcspn(name, ":");
    return name;
}

bool doors_meant(const struct doors *doors, int connection, struct door *meant,
                 char place[DOOR_PLACE]) {
    uint32_t address;
    uint16_t port;
    size_t length;
    if (!address_of(connection, &address, &port))
        return false;
    const struct door *listed = door_at(doors, address, port);
    if (listed != NULL && listed->use != DOOR_NAMES) {
        *meant = *listed;
        return true;
    }
    const char *host = host_at(doors, address, &length);
    *meant = (struct door){.use = DOOR_TARGET, .kind = STREAM_CONNECT, .target = place};
    return host != NULL &&
        snprintf(place, DOOR_PLACE, "%.*s:%u", (int)length, host, port) < DOOR_PLACE;
}

static bool is_steered(const struct doors *doors, uint32_t address) {
    return doors->steering >= 0 && ((address >= LISTED_FIRST && address < LISTED_END) ||
                                    (address >= GIVEN_FIRST && address <= GIVEN_LAST));
}

// Source of the format: proc(5), /proc/net/tcp; addresses are as they lie in memory.
bool doors_expect(const struct doors *doors) {
    char line[256];
    bool expected = false;
    FILE *connections = fopen("/proc/net/tcp", "re");
    if (connections == NULL)
        return false;
    while (!expected && fgets(line, sizeof line, connections) != NULL) {
        unsigned address, port, state;
        expected = sscanf(line, " %*u: %8X:%4X %*8X:%*4X %2X", &address, &port, &state) == 3 &&
            state == TCP_SYN_RECV &&
            (is_steered(doors, ntohl(address)) ||
             door_at(doors, ntohl(address), (uint16_t)port) != NULL);
    }
    fclose(connections);
    return expected;
}

static void close_one(int *fd) {
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void doors_close(struct doors *doors) {
    close_one(&doors->steering);
    close_one(&doors->resolver);
    while (doors->count > 0)
        close(doors->list[--doors->count].fd);
}
