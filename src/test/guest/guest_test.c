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
    struct cases tars = cases_read(words[1], "tar.case"), plans = cases_read(words[1], "plan.case");
    struct cases records = cases_read(words[1], "records.case");
    struct cases lines = cases_read(words[1], "host-line.case");
    struct cases frames = cases_read(words[1], "uplink.case");
    test_tar(&tars);
    test_pack();
    test_records(&records);
    test_plan(&plans);
    test_host_line(&lines);
    test_frame(&frames);
    fuzz(&tars, &plans, &frames, strtoull(words[2], NULL, 10), atoi(words[3]));
    size_t cases = tars.count + plans.count + records.count + lines.count + frames.count;
    cases_free(&tars);
    cases_free(&plans);
    cases_free(&records);
    cases_free(&lines);
    cases_free(&frames);
    printf("%zu cases, %d checks, %d failed\n", cases, checked, failed);
    return failed > 0;
}
