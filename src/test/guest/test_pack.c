#include "tests.h"

#include "pack.h"
#include "tar.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

static char told[256];

static void tell(void *context, const char *path, const char *what) {
    (void)context;
    snprintf(told, sizeof told, "%s %s", what, path);
}

static const struct pack_notes NOTES = {tell, NULL};

// A sparse file of more than eleven octal digits, packed onto /dev/full, which takes nothing.
static void a_full_drive_is_told(void) {
    struct fault fault = {0};
    uint64_t length;
    char directory[64];
    make_tree(directory);
    check(pack(directory, "/dev/full", &NOTES, &length, &fault) < 0 && fault.disk_full &&
          strstr(fault.text, "does not fit on /dev/full") != NULL, __func__, "%s", fault.text);
    remove_tree(directory);
}

static void what_is_no_file_is_left_out(void) {
    struct fault fault = {0};
    uint64_t length;
    char directory[64], fifo[80];
    make_tree(directory);
    snprintf(fifo, sizeof fifo, "%s/pipe", directory);
    mkfifo(fifo, 0600);
    make_file_of("out.tar", NULL, 0);
    check(pack(directory, "out.tar", &NOTES, &length, &fault) == 0 && length == 1024, __func__,
          "%s", fault.text);
    check(strcmp(told, "fifo pipe") == 0, __func__, "told %s", told);
    unlink("out.tar");
    remove_tree(directory);
}

static void a_size_from_eight_gib_goes_to_pax(void) {
    struct tar_writer writer;
    static struct tar_entry entry;
    struct fault fault = {0};
    entry = (struct tar_entry){.type = '0', .mode = 0644, .size = 8ull << 30, .path = "huge"};
    int fd = open("out.tar", O_RDWR | O_CREAT | O_TRUNC, 0600);
    check(tar_create(&writer, fd, "out.tar", &fault) == 0 && tar_put(&writer, &entry, &fault) == 0 &&
          tar_finish(&writer, &fault) == 0, __func__, "%s", fault.text);
    tar_drop(&writer);
    struct tar_reader reader;
    static struct tar_entry back;
    lseek(fd, 0, SEEK_SET);
    check(tar_open(&reader, fd, &fault) == 0 && tar_next(&reader, &back, &fault) == 1 &&
          back.size == 8ull << 30 && strcmp(back.path, "huge") == 0, __func__, "%s", fault.text);
    tar_close(&reader);
    close(fd);
    unlink("out.tar");
}

// Deep enough that its path is almost as long as one may be.
static void a_deep_tree_packs(void) {
    struct fault fault = {0};
    uint64_t length = 0;
    char directory[64];
    int start = open(".", O_RDONLY), result = 0;
    make_tree(directory);
    result |= chdir(directory);
    for (int i = 0; i < 1300; i++)
        result |= mkdir("dd", 0755) | chdir("dd");
    result |= fchdir(start);
    make_file_of("out.tar", NULL, 0);
    check(result == 0 && pack(directory, "out.tar", &NOTES, &length, &fault) == 0, __func__, "%s",
          fault.text);
    result |= chdir(directory);
    for (int i = 0; i < 1300; i++)
        result |= chdir("dd");
    result |= mkdir("a-name-that-is-one-too-many-and-makes-the-path-longer-than-it-may-be-which-"
                    "must-be-told-and-not-cut-off-anywhere-so-here-are-some-more-words-to-fill-the-"
                    "rest-of-the-room-that-is-left-in-it-and-a-few-more", 0755);
    result |= fchdir(start);
    check(result == 0 && pack(directory, "out.tar", &NOTES, &length, &fault) < 0 &&
          strstr(fault.text, "longer than") != NULL, __func__, "%s", fault.text);
    close(start);
    unlink("out.tar");
    remove_tree(directory);
}

void test_pack(void) {
    const struct rlimit files = {4096, 4096};
    setrlimit(RLIMIT_NOFILE, &files);
    a_full_drive_is_told();
    what_is_no_file_is_left_out();
    a_size_from_eight_gib_goes_to_pax();
    a_deep_tree_packs();
}
