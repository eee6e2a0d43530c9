#include "tests.h"

#include "pack.h"
#include "unpack.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE = 8192, A_TIME = 1000000000 }; // all archives with links are older

static const char ARCHIVE[] = "archive.tar", PACKED[] = "packed.tar";

static int is(const char *want, const char *word) {
    size_t length = strlen(word);
    return strncmp(want, word, length) == 0 && (want[length] == ' ' || want[length] == '\0');
}

static void entry_line(int at, const char *name, const char *path, char *line) {
    struct stat status;
    uint8_t bytes[LINE];
    fstatat(at, name, &status, AT_SYMLINK_NOFOLLOW);
    *line = '\0';
    if (S_ISLNK(status.st_mode)) {
        ssize_t length = readlinkat(at, name, (char *)bytes, sizeof bytes);
        check(status.st_mtime < A_TIME, path, "the link has another time than in its archive");
        strcpy(line, "link ");
        quote(line, LINE, (const uint8_t *)path, strlen(path), 0);
        strcat(line, " ");
        quote(line, LINE, bytes, (size_t)length, 0);
        return;
    }
    snprintf(line, LINE, "%s %o ", S_ISDIR(status.st_mode) ? "dir" : "file", status.st_mode & 07777);
    quote(line, LINE, (const uint8_t *)path, strlen(path), 0);
    if (S_ISREG(status.st_mode)) {
        int fd = openat(at, name, O_RDONLY);
        ssize_t length = read(fd, bytes, sizeof bytes);
        close(fd);
        strcat(line, " ");
        quote(line, LINE, bytes, length > 0 ? (size_t)length : 0, 1);
    }
}

// The next want line that describes the tree, or "" when there is none.
static const char *next_want(const struct test_case *one, size_t *at) {
    static const char *const kinds[] = {"dir", "file", "link", "implied"};
    for (; *at < one->wants; ++*at)
        for (int k = 0; k < 4; k++)
            if (is(one->want[*at], kinds[k]))
                return one->want[(*at)++];
    return "";
}

static void check_line(const struct test_case *one, size_t *at, const char *line) {
    const char *want = next_want(one, at);
    char same[LINE];
    if (is(want, "implied"))
        snprintf(same, sizeof same, "dir%s", want + strlen("implied"));
    else
        snprintf(same, sizeof same, "%s", want);
    check(strcmp(same, line) == 0, one->name, "there is %.300s, wanted %.300s", line, same);
}

static void check_level(const struct test_case *one, const char *directory, const char *prefix,
                        size_t *at) {
    struct dirent **names;
    int fd = open(directory, O_RDONLY | O_DIRECTORY);
    int count = scandir(directory, &names, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const char *name = names[i]->d_name;
        char path[5000], line[LINE];
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0) {
            snprintf(path, sizeof path, "%s%s", prefix, name);
            entry_line(fd, name, path, line);
            check_line(one, at, line);
            if (names[i]->d_type == DT_DIR) {
                char below[6000];
                snprintf(below, sizeof below, "%s/%s", directory, name);
                strcat(path, "/");
                check_level(one, below, path, at);
            }
        }
        free(names[i]);
    }
    free(names);
    close(fd);
}

static void never(void *context, const char *path, const char *what) {
    check(0, context, "left out %s %s", what, path);
}

static void check_packs_back(const struct test_case *one, const char *directory) {
    const struct pack_notes notes = {never, (void *)one->name};
    struct fault fault = {0};
    uint64_t length = 0;
    make_file_of(PACKED, NULL, 0);
    check(pack(directory, PACKED, &notes, &length, &fault) == 0, one->name, "%s", fault.text);
    uint8_t *bytes = malloc(one->length + 1);
    int fd = open(PACKED, O_RDONLY);
    ssize_t got = read(fd, bytes, one->length + 1);
    close(fd);
    size_t differs = 0;
    while (differs < one->length && bytes[differs] == one->bytes[differs])
        differs++;
    check(got == (ssize_t)one->length && length == one->length && differs == one->length,
          one->name, "packs to other bytes: %zd of %zu, from byte %zu on", got, one->length, differs);
    free(bytes);
}

static void check_one(const struct test_case *one) {
    char directory[64];
    const char *first = one->want[0];
    struct fault fault = {0};
    make_file_of(ARCHIVE, one->bytes, one->length);
    make_tree(directory);
    int result = unpack(ARCHIVE, directory, false, &fault);
    if (is(first, "refused") || is(first, "stopped")) {
        check(result < 0, one->name, "was unpacked");
        check(strstr(fault.text, first + 8) != NULL, one->name, "said %s, wanted %s", fault.text,
              first + 8);
    } else {
        size_t at = 0;
        check(result == 0, one->name, "%s", fault.text);
        check_level(one, directory, "", &at);
        check(*next_want(one, &at) == '\0', one->name, "has less than wanted");
        if (strcmp(one->want[one->wants - 1], "packs back") == 0)
            check_packs_back(one, directory);
    }
    remove_tree(directory);
}

static void check_inward(const struct test_case *one) {
    char directory[64];
    struct fault fault = {0};
    const char *last = one->want[one->wants - 1], *first = one->want[0];
    make_tree(directory);
    int result = unpack(ARCHIVE, directory, true, &fault);
    if (is(last, "inward"))
        check(result < 0 && strstr(fault.text, last + 7) != NULL, one->name,
              "links must stay inside, and it said %s", fault.text);
    else if (!is(first, "refused") && !is(first, "stopped"))
        check(result == 0, one->name, "links must stay inside: %s", fault.text);
    remove_tree(directory);
}

void test_tar(const struct cases *cases) {
    for (size_t i = 0; i < cases->count; i++) {
        check_one(&cases->list[i]);
        check_inward(&cases->list[i]);
    }
    unlink(ARCHIVE);
    unlink(PACKED);
}
