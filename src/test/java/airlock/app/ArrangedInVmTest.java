package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Verdict;
import airlock.local.LocalRun;
import airlock.local.LocalSettings;
import airlock.vm.BootFiles;
import airlock.vm.TestImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Limits, conditions and programs of single actions, in a real machine.
@Tag("vm")
final class ArrangedInVmTest {
    private final List<String> images = new ArrayList<>();

    @TempDir Path directory;

    private final HeardRun heard = new HeardRun();

    private LocalRun.Outcome run(String plan) throws Exception {
        Path checkout = Files.createDirectory(directory.resolve("checkout"));
        Files.writeString(checkout.resolve(".airlock.yaml"), plan);
        try (var machines = RealMachines.in(directory)) {
            return new LocalRun(
                            Files.createDirectory(directory.resolve("work")),
                            _ -> new LocalRun.Machine(machines.host(), this::boot),
                            LocalSettings.NONE,
                            InstantSource.system())
                    .run(checkout, heard);
        }
    }

    @Test
    void whatTakesTooLongEndsWithAllThatItStartedAndTheRunHasFailed() throws Exception {
        var outcome =
                run(
                        """
                        plan:
                          - action: shell
                            name: the slow one
                            timeout: 3s
                            shell: |
                              setsid sh -c 'sleep 600; echo too late' &
                              sleep 600
                          - {action: shell, shell: echo "ran $((6 * 7)) never"}
                          - action: shell
                            if: failed
                            shell: |
                              ps -eo args | grep '[s]leep 600' || echo "nobody $((6 * 7)) sleeps"
                          - {action: shell, if: always, shell: echo "in any case $((6 * 7))"}
                        """);

        assertThat(outcome.verdict()).as(heard.toString()).isEqualTo(Verdict.FAILED);
        assertThat(outcome.reason())
                .isEqualTo(
                        "step \"the slow one\" timed out after 3s"
                                + " (`timeout` of the action in .airlock.yaml)");
        assertThat(heard.log)
                .contains("nobody 42 sleeps", "in any case 42")
                .doesNotContain("ran 42 never");
    }

    @Test
    void eachProgramRunsItsTextAndSaysWhereItIsWrong() throws Exception {
        var outcome =
                run(
                        """
                        plan:
                          - {action: shell, with: sh, shell: echo "$((6 * 7)) in sh"}
                          - action: shell
                            with: perl
                            shell: |
                              print 6 * 7, " in perl\\n";
                          - action: shell
                            with: python3
                            shell: |
                              print(6 * 7, "in python")
                              raise SystemError("enough")
                          - {action: shell, if: always, with: no-such-program, shell: x}
                        """);

        assertThat(outcome.verdict()).as(heard.toString()).isEqualTo(Verdict.FAILED);
        assertThat(outcome.reason())
                .isEqualTo("step \"print(6 * 7, \"in python\")\" exited with 1");
        assertThat(heard.log)
                .contains(
                        "42 in sh",
                        "42 in perl",
                        "42 in python",
                        "File \"/run/airlock-shell\", line 2",
                        "needs no-such-program, which the image has not");
    }

    @Test
    void theMachineIsAsSmallAsThePlanWantsAndHasItsVariables() throws Exception {
        var outcome =
                run(
                        """
                        {cpus: 1, memory: 300 MiB, timeout: 10m, env: {GREETING: hello}, image: any,
                         when: {events: [tag]}, plan: [{action: shell, shell: '
                          echo "$(nproc) CPU, $GREETING";
                          awk "/^MemTotal/ {print \\$2 / 1024 < 512 ? \\"small\\" : \\"large\\"}" /proc/meminfo'}]}
                        """);

        assertThat(outcome.verdict()).as(heard.toString()).isEqualTo(Verdict.PASSED);
        assertThat(heard.toString()).contains("\n1 CPU, hello\n", "\nsmall\n");
        assertThat(images).isNotEmpty().containsOnly("any");
    }

    private BootFiles boot(String image) {
        images.add(image);
        return TestImage.boot();
    }
}
