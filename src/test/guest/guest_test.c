// Runs all tests of the guest program's parts in the working directory:
// guest-test CASES_DIRECTORY SEED FUZZ_ROUNDS
#include "tests.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

int main(int count, char **words) {
    if (count != 4)
        return 2;
    umask(0);
    struct corpus all = {.tars = cases_read(words[1], "tar.case"),
                         .plans = cases_read(words[1], "plan.case"),
                         .frames = cases_read(words[1], "uplink.case"),
                         .terminals = cases_read(words[1], "pty.case"),
                         .queries = cases_read(words[1], "dns.case")};
    struct cases records = cases_read(words[1], "records.case");
    struct cases lines = cases_read(words[1], "host-line.case");
    test_tar(&all.tars);
    test_pack();
    test_records(&records);
    test_plan(&all.plans);
    test_host_line(&lines);
    test_frame(&all.frames);
    test_pty(&all.terminals);
    test_dns(&all.queries);
    fuzz(&all, strtoull(words[2], NULL, 10), atoi(words[3]));
    size_t cases = all.tars.count + all.plans.count + records.count + lines.count +
        all.frames.count + all.terminals.count + all.queries.count;
    cases_free(&all.tars);
    cases_free(&all.plans);
    cases_free(&all.frames);
    cases_free(&all.terminals);
    cases_free(&all.queries);
    cases_free(&records);
    cases_free(&lines);
    printf("%zu cases, %d checks, %d failed\n", cases, checked, failed);
    return failed > 0;
}
