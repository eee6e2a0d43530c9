package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlanCommandTest extends Executed {
    @TempDir Path directory;

    private int show(String plan, String... options) throws IOException {
        Files.writeString(directory.resolve(".airlock.yaml"), plan);
        return execute(
                Stream.concat(Stream.of("plan", "show", directory.toString()), Stream.of(options))
                        .toArray(String[]::new));
    }

    @Test
    void whatWouldBeExecutedIsShownPhaseByPhase() throws IOException {
        assertThat(
                        show(
                                """
                                cache_max_size: 10 MB
                                limits: {plan_time: 5m}
                                pre_plan:
                                  - action: dummy
                                  - {action: http_get, items: [{url: "https://files.example/x", filename: x}]}
                                plan:
                                  - action: setenv
                                    set: {COLOUR: blue}
                                  - action: shell
                                    shell: |
                                      if true; then
                                        make check
                                      fi
                                """))
                .isEqualTo(ExitCode.OK);

        assertThat(out.toString())
                .containsSubsequence(
                        "pre_plan:\n  network: what the operator's list lets; needs files.example:443"
                                + " (http_get)\n",
                        "drives: source, cache (kept, at most 10,000,000 bytes of what the operator"
                                + " lets), dependencies (kept)\n",
                        "http_get x\n",
                        "plan:\n  network: none, ever\n  drives: source, artifacts (kept), cache (kept,",
                        "time: 300 s\n",
                        "before: make directory /ci;",
                        "1. if true; then\n",
                        "env CARGO_HOME=/ci/deps/cargo\n    env CARGO_TARGET_DIR=",
                        "env COLOUR=blue\n    env DUMMY=1\n",
                        "    | bash\n    | -c\n    | BASH_XTRACEFD=99; set -xeuo pipefail\n",
                        "    | if true; then\n    |   make check\n    | fi\n",
                        "after: pack artifacts; pack cache\n",
                        "post_plan: nothing to do, no machine is started\n");
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void allPlansAreShownAndThoseThatAreNoneToo() throws IOException {
        Files.createDirectory(directory.resolve(".airlock"));
        Files.writeString(directory.resolve(".airlock/lint.yaml"), "plan: [{action: pwd}]\n");
        Files.writeString(directory.resolve(".airlock/bad.yaml"), "plam: []\n");

        assertThat(show("plan: [{action: pwd}]\n")).isEqualTo(ExitCode.NO);

        assertThat(out.toString())
                .contains(".airlock.yaml, plan main\n", ".airlock/lint.yaml, plan lint\n");
        assertThat(err.toString()).contains(".airlock/bad.yaml:1:1: plam");
    }

    @Test
    void ofAMatrixTheCellsAreShownAndOneOfThem() throws IOException {
        String plan = "matrix: {os: [a, b]}\nplan: [{action: shell, shell: make}]\n";
        assertThat(show(plan)).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("cells: os=a; os=b\nof these the first is shown:\n", "env MATRIX_OS=a\n");

        out.getBuffer().setLength(0);
        assertThat(show(plan, "--cell", "os=b")).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).contains("cells: os=b\n.airlock", "env MATRIX_OS=b\n");
        assertThat(show(plan, "--cell", "os=c")).isEqualTo(ExitCode.NO);
    }

    @Test
    void aPlanThatIsNoneShowsItsProblems() throws IOException {
        assertThat(show("plan: [{action: shel}]\n")).isEqualTo(ExitCode.NO);
        assertThat(err.toString())
                .contains(".airlock.yaml:1:17: ", "  1 | plan: [{action: shel}]\n    |         ");
        assertThat(out.toString()).isEmpty();
    }
}
