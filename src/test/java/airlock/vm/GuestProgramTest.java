package airlock.vm;

import static airlock.vm.PlanCases.always;
import static airlock.vm.PlanCases.step;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.vm.GuestStep.Execute;
import airlock.vm.GuestStep.Link;
import airlock.vm.GuestStep.MakeDirectory;
import airlock.vm.GuestStep.Pack;
import airlock.vm.GuestStep.Unpack;
import airlock.vm.GuestStep.WriteFile;
import airlock.vm.Step.When;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Both sides of the protocol together, without a VM: Java writes the plan, the C program runs it
/// as a process of this host under the sanitizers, Java reads the records.
class GuestProgramTest {
    private static final Map<String, String> PATH = Map.of("PATH", "/usr/bin:/bin");

    private final GuestBuild build = GuestBuild.once();

    @TempDir Path folder = Path.of("");

    private HostExecutor executor;

    @BeforeEach
    void executorInFolder() {
        executor = new HostExecutor(build.executor(), folder);
    }

    @Test
    void thePartsOfTheProgramPassTheirOwnTests() {
        assertThat(build.said()).contains("guest-test: ok").contains(", 0 failed");
        assertThat(build.code()).isZero();
    }

    @Test
    void stepsRunInOrderAndTheFirstFailureSkipsAllButThoseThatAlwaysRun() {
        var records =
                run(
                        step(shell("exit 0")),
                        step(shell("exit 3")),
                        step(shell("echo never")),
                        always(shell("echo always")),
                        step(shell("echo never")));
        assertThat(ends(records))
                .containsExactly(
                        "0 Exited[code=0]", "1 Exited[code=3]", "3 Exited[code=0]", "failed");
        assertThat(output(records, 1)).isEqualTo("always\n");
    }

    @Test
    void eachConditionHoldsByWhatCameBefore() {
        for (String code : List.of("0", "3")) {
            var records =
                    run(
                            step(shell("exit " + code)),
                            step(shell("echo passed")),
                            step(shell("echo and")).at(When.FOLLOWS),
                            step(shell("echo failed")).at(When.FAILED),
                            step(shell("echo and")).at(When.FOLLOWS),
                            step(shell("echo always; exit 1")).at(When.ALWAYS),
                            step(shell("echo never")).at(When.FOLLOWS),
                            step(shell("echo at last")).at(When.FAILED));
            assertThat(output(records, 1))
                    .isEqualTo(
                            (code.equals("0") ? "passed" : "failed") + "\nand\nalways\nat last\n");
            assertThat(ends(records)).endsWith("failed");
        }
    }

    @Test
    void nothingRunsWhereSettingUpFailed() {
        var records =
                run(
                        step(shell("exit 1")).at(When.SET_UP),
                        step(shell("echo never")).at(When.FAILED),
                        step(shell("echo never")).at(When.ALWAYS));
        assertThat(ends(records)).containsExactly("0 Exited[code=1]", "failed");
    }

    @Test
    void aProgramThatTakesTooLongIsEndedWithAllThatItStarted() {
        var records =
                run(
                        step(shell("sleep 600 & echo $!; wait")).within(Duration.ofMillis(300)),
                        step(shell("echo after")).at(When.FAILED),
                        step(shell("echo never")));
        assertThat(ends(records)).containsExactly("0 TimedOut[]", "1 Exited[code=0]", "failed");
        var lines = output(records, 1).lines().toList();
        assertThat(lines).hasSize(2).endsWith("after");
        await().until(
                        () ->
                                ProcessHandle.of(Long.parseLong(lines.getFirst()))
                                        .filter(ProcessHandle::isAlive)
                                        .isEmpty());
    }

    @Test
    void whatAProgramWritesDoesNotStretchItsTime() {
        var records = run(step(shell("yes")).within(Duration.ofMillis(300)));
        assertThat(ends(records)).containsExactly("0 TimedOut[]", "failed");
    }

    @Test
    void stepsThatFollowOneAnotherShareTheirTime() {
        var records =
                run(
                        step(shell("sleep 2")),
                        step(shell("sleep 600")).at(When.FOLLOWS).within(Duration.ofSeconds(2)));
        assertThat(ends(records)).containsExactly("0 Exited[code=0]", "1 TimedOut[]", "failed");
        assertThat(times(records).getLast() - times(records).get(2)).isLessThan(1_900_000);
    }

    /// Of starts and ends of steps, in order.
    private static List<Long> times(List<GuestRecord> records) {
        return records.stream()
                .<Long>mapMulti(
                        (record, into) -> {
                            if (record instanceof GuestRecord.StepStarted(_, var at)) {
                                into.accept(at);
                            } else if (record instanceof GuestRecord.StepEnded ended) {
                                into.accept(ended.microseconds());
                            }
                        })
                .toList();
    }

    @Test
    void stdoutAndStderrAreToldApartAndComplete() {
        var records =
                run(
                        step(
                                shell(
                                        "head -c 3000000 /dev/zero; echo to stderr >&2;"
                                                + " head -c 200000 /dev/zero >&2")));
        assertThat(output(records, 1)).hasSize(3_000_000);
        assertThat(output(records, 2)).startsWith("to stderr\n").hasSize(200_010);
    }

    @Test
    void aProgramGetsItsEnvironmentDirectoryAndStdinAndNothingElse() {
        var environment = Map.of("PATH", "/usr/bin:/bin", "GREETING", "hello world");
        var records =
                run(
                        step(
                                new Execute(
                                        List.of("sh", "-c", "env; pwd; cat; ls /proc/self/fd"),
                                        environment,
                                        folder.toString(),
                                        "from stdin\n")));
        assertThat(output(records, 1).lines().filter(line -> !line.startsWith("PWD=")))
                .containsExactlyInAnyOrder(
                        "PATH=/usr/bin:/bin",
                        "GREETING=hello world",
                        folder.toString(),
                        "from stdin",
                        "0",
                        "1",
                        "2",
                        "3"); // the folder that ls reads
    }

    @Test
    void aProgramThatCannotStartIsRefusedWithTheReason() throws IOException {
        Path text = Files.writeString(folder.resolve("text"), "no program");
        for (var tried :
                Map.of(
                                new Execute(List.of("no-such"), PATH, "/", ""),
                                "cannot start no-such: No such file or directory",
                                new Execute(List.of(text.toString()), PATH, "/", ""),
                                "cannot start " + text + ": Permission denied",
                                new Execute(List.of("sh"), Map.of(), "/", ""),
                                "cannot look up sh: the environment has no PATH",
                                new Execute(List.of("sh"), PATH, "/no/such", ""),
                                "cannot enter directory /no/such: No such file or directory")
                        .entrySet()) {
            assertThat(ends(run(step(tried.getKey()))))
                    .containsExactly("0 Refused[detail=" + tried.getValue() + "]", "failed");
        }
    }

    @Test
    void aSignalIsToldAsOne() {
        assertThat(ends(run(step(shell("kill -9 $$")))))
                .containsExactly("0 Signalled[signal=9]", "failed");
    }

    @Test
    void whatAStepLeftRunningIsEndedWithIt() {
        var records = run(step(shell("sleep 600 & echo $!")));
        assertThat(ends(records)).endsWith("passed");
        long pid = Long.parseLong(output(records, 1).lines().findFirst().orElseThrow());
        await().until(() -> ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty());
    }

    @Test
    void usageIsCounted() {
        var busy = shell("i=0; while [ $i -lt 99999 ]; do i=$((i+1)); done");
        var records = run(step(busy));
        var usage =
                records.stream()
                        .filter(GuestRecord.StepEnded.class::isInstance)
                        .map(record -> ((GuestRecord.StepEnded) record).usage())
                        .findFirst()
                        .orElseThrow();
        assertThat(usage.userMicroseconds()).isPositive();
        assertThat(usage.peakKilobytes()).isGreaterThan(100);
    }

    @Test
    void aTreeIsPackedAndUnpackedAgain() throws IOException {
        Path tree = folder.resolve("tree");
        Path archive = Files.createFile(folder.resolve("archive"));
        Path again = Files.createFile(folder.resolve("again"));
        Path copy = folder.resolve("copy");
        var records =
                run(
                        step(new MakeDirectory(tree + "/a/b", 0700, true)),
                        step(new WriteFile(tree + "/a/b/" + "n".repeat(200), 0640, "ä", false)),
                        step(new Link("a/b", tree + "/link")),
                        step(new Link("a/b", tree + "/link")),
                        step(new Pack(tree.toString(), archive.toString())),
                        step(new MakeDirectory(copy.toString(), 0755, false)),
                        step(new Unpack(archive.toString(), copy.toString(), true)),
                        step(new Pack(copy.toString(), again.toString())));
        assertThat(ends(records)).endsWith("passed");
        assertThat(Files.readAllBytes(again)).isEqualTo(Files.readAllBytes(archive));
        assertThat(Files.readString(copy.resolve("link").resolve("n".repeat(200)))).isEqualTo("ä");
        assertThat(((GuestRecord.Finished) records.getLast()).packed())
                .isEqualTo(
                        Map.of(
                                archive.toString(),
                                Files.size(archive),
                                again.toString(),
                                Files.size(again)));
    }

    @Test
    void aLinkIsNotMadeInPlaceOfAnythingElse() throws IOException {
        var link = step(new Link("a", folder + "/link"));

        assertThat(ends(run(link, link))).endsWith("passed");
        for (var other : List.of(new Link("b", folder + "/link"), new Link("a", folder + ""))) {
            assertThat(ends(run(step(other))).toString())
                    .contains("cannot make link", "File exists");
        }
    }

    /// The program reads the beginning of a drive first, then the rest of the plan.
    @Test
    void aPlanMayBeOfAnyLengthOnTheDrive() throws IOException {
        for (int length : List.of(0, 16_000, 16_384, 70_000, 1_000_000)) {
            Path copy = folder.resolve("copy" + length);
            String text = "t".repeat(length);
            var records = run(step(new WriteFile(copy.toString(), 0600, text, false)));
            assertThat(ends(records)).containsExactly("0 Exited[code=0]", "passed");
            assertThat(copy).hasContent(text);
        }
    }

    @Test
    void builtInStepsThatFailAreRefusedWithTheReason() throws IOException {
        Path there = Files.writeString(folder.resolve("there"), "1");
        for (GuestStep tried :
                List.of(
                        new WriteFile(there.toString(), 0644, "2", false),
                        new MakeDirectory(there.toString(), 0755, false),
                        new MakeDirectory(folder + "/no/such", 0755, false),
                        new Link("x", there.toString()),
                        new Unpack(there.toString(), folder.toString(), false),
                        new Unpack("/no/such", folder.toString(), false),
                        new Pack(folder + "/none", there.toString()))) {
            assertThat(ends(run(step(tried))).getFirst()).startsWith("0 Refused[detail=");
        }
        assertThat(Files.readString(there)).isEqualTo("1");
    }

    @Test
    void aPlanThatIsNoneRunsNothing() throws IOException {
        for (var tried :
                Map.of(
                                "",
                                "holds no plan",
                                "\4\0\0",
                                "holds no plan",
                                "\5\0\0\0junk",
                                "holds no plan",
                                "junk and more",
                                "holds no plan",
                                "\4\0\0\0junk",
                                "not a plan",
                                "\4\0\0\0junk and more",
                                "not a plan")
                        .entrySet()) {
            Path plan = Files.writeString(folder.resolve("plan"), tried.getKey());
            assertThat(executor.runPlan(plan, 1))
                    .hasSize(2)
                    .last()
                    .isInstanceOfSatisfying(
                            GuestRecord.Broke.class,
                            broke -> assertThat(broke.detail()).contains(tried.getValue()));
        }
    }

    private List<GuestRecord> run(Step... steps) {
        return executor.run(List.of(steps));
    }

    private static Execute shell(String script) {
        return new Execute(List.of("sh", "-c", script), PATH, "/", "");
    }

    private static List<String> ends(List<GuestRecord> records) {
        return records.stream()
                .<String>mapMulti(
                        (record, into) -> {
                            switch (record) {
                                case GuestRecord.StepEnded ended ->
                                        into.accept(ended.step() + " " + ended.end());
                                case GuestRecord.Finished(var passed, _, _) ->
                                        into.accept(passed ? "passed" : "failed");
                                default -> {}
                            }
                        })
                .toList();
    }

    private static String output(List<GuestRecord> records, int stream) {
        var bytes = new ByteArrayOutputStream();
        for (GuestRecord record : records) {
            if (record instanceof GuestRecord.Output output && output.stream() == stream) {
                bytes.writeBytes(output.bytes());
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
