package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.vm.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock run` as a process with real QEMU, as a developer's machine without a configuration
/// has it.
@Tag("vm")
class RunCommandVmTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    /// One for all, so that not each makes a template of its own.
    @TempDir static Path state;

    @TempDir Path directory;
    private Path checkout = Path.of("");

    @BeforeAll
    static void haveAnImage() throws IOException {
        Path images =
                Objects.requireNonNull(TestImage.boot().disk().getParent()).resolveSibling(".");
        Files.createSymbolicLink(state.resolve("images"), images.toAbsolutePath().normalize());
    }

    @AfterAll
    static void theImageStays() throws IOException {
        Files.delete(state.resolve("images"));
    }

    @BeforeEach
    void places() throws IOException {
        checkout = Files.createDirectory(directory.resolve("checkout"));
    }

    private record Ended(int code, String out, String err) {}

    private Process start() throws IOException {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // it starts sooner, and lives for seconds
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "airlock.Main"));
        line.addAll(List.of("run", "--state", state.toString(), checkout.toString()));
        return new ProcessBuilder(line)
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(directory.resolve("err").toFile())
                .start();
    }

    private Ended ended(Process process) throws IOException, InterruptedException {
        try {
            assertThat(process.waitFor(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Ended(
                process.exitValue(),
                Files.readString(directory.resolve("out")),
                Files.readString(directory.resolve("err")));
    }

    private void plan(String text) throws IOException {
        Files.writeString(checkout.resolve(".airlock.yaml"), text);
    }

    @Test
    void aPlanPassesAndItsOutputIsAllThatGoesToStdout() throws Exception {
        git("init", "-q", "-b", "main");
        plan("plan:\n  - action: shell\n    shell: ls; printf '\\033[31mred\\n' >&2\n");
        Files.writeString(checkout.resolve(".gitignore"), "ignored\n");
        Files.writeString(checkout.resolve("ignored"), "");
        Files.writeString(checkout.resolve("tracked"), "");
        git("add", "-A");
        git("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "x");
        Files.writeString(checkout.resolve("untracked"), "");

        var ended = ended(start());

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
        assertThat(ended.out().lines())
                .contains("tracked", "untracked", "red", "passed")
                .doesNotContain("ignored");
        assertThat(ended.err()).contains("not committed: untracked\n").doesNotContain("INFO");
        assertThat(ended.err()).containsPattern("(TCG|KVM): KVM (does not work here|booted)");
    }

    @Test
    void aStepThatFailsEndsWithOneAndItsReasonAndNoPostPlanIsRun() throws Exception {
        plan(
                """
                plan:
                  - action: shell
                    shell: ls /ci/secrets; exit 7
                post_plan:
                  - action: shell
                    shell: echo published
                """);

        var ended = ended(start());

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.NO);
        assertThat(ended.err()).contains("failed: step ", "exited with 7");
        assertThat(ended.out()).doesNotContain("published");
    }

    @Test
    void theActionsForFilesAndCustomProgramsDoWhatAmbientsDo() throws Exception {
        plan(
                """
                pre_plan:
                  - action: dummy
                plan:
                  - {action: mkdir, pathname: a/b}
                  - {action: create_file, filename: a/b/f, content: "as it is\\n", overwrite: false}
                  - {action: symlink, target: a/b/f, link_name: link}
                  - {action: symlink, target: a/b/f, link_name: link}
                  - {action: tar_create, archive: "/ci/artifacts/x:y.tar", directory: a}
                  - {action: tar_extract, archive: "/ci/artifacts/x:y.tar", directory: c}
                  - {action: custom, name: told, args: {key: v, list: [1, true]}}
                  - action: shell
                    shell: cat link c/b/f; readlink link; echo "DUMMY is $DUMMY"
                """);
        Path told = Files.createDirectory(checkout.resolve(".ambient")).resolve("told");
        Files.writeString(told, "#!/bin/sh\ncat; echo; echo $AMBIENT_CI_KEY $AMBIENT_CI_list\n");
        Files.setPosixFilePermissions(told, PosixFilePermissions.fromString("rwxr-xr-x"));

        var ended = ended(start());

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.OK);
        assertThat(ended.out())
                .contains(
                        "{\"key\":\"v\",\"list\":[1,true]}\n\"v\" [1,true]\n",
                        "as it is\nas it is\n",
                        "\na/b/f\n",
                        "\nDUMMY is 1\n");
    }

    @Test
    void aPersonGetsIntoTheMachineThatFailed() throws Exception {
        plan("plan:\n  - action: shell\n    shell: echo as it was > left; exit 7\n");
        Path place = Files.createDirectory(directory.resolve("terminal"));
        try (var shell =
                ShellProcess.inTerminal(
                        place,
                        "run",
                        "--keep-failed",
                        "--state",
                        state.toString(),
                        checkout.toString())) {
            await().atMost(LONG)
                    .until(() -> shell.out().contains("in the failed machine") || !lives(shell));
            // a shell that has not yet become `sleep` may miss Ctrl-C, and a line before its prompt
            shell.type("cat left; stty size; sh -c 'echo be\"\"gun; exec sleep 1000'\n");
            await().atMost(LONG).until(() -> shell.out().contains("begun\r\n") || !lives(shell));
            shell.type("\003");
            await().atMost(LONG)
                    .until(() -> afterCtrlC(shell).contains(":/ci/src# ") || !lives(shell));
            shell.type("exit 0\n");

            assertThat(shell.ended().out()).contains("as it was\r\n40 120\r\n", "exited with 7");
            assertThat(shell.read("code")).isEqualTo(ExitCode.NO + "\n");
            assertThat(shell.read("after")).isEqualTo(shell.read("before"));
        }
        assertThat(state.resolve("vms")).isEmptyDirectory();
    }

    private static String afterCtrlC(ShellProcess shell) throws IOException {
        String out = shell.out();
        int at = out.lastIndexOf("^C");
        return at < 0 ? "" : out.substring(at);
    }

    private static boolean lives(ShellProcess shell) {
        return shell.handle().isAlive();
    }

    @Test
    void oneThatIsStoppedEndsItsVmAndTidiesUp() throws Exception {
        plan("plan:\n  - action: shell\n    shell: echo begun; sleep 1000\n");
        var process = start();
        var all = new ArrayList<ProcessHandle>();
        Ended ended;
        try {
            await().atMost(LONG)
                    .until(
                            () ->
                                    !process.isAlive()
                                            || Files.readString(directory.resolve("out"))
                                                    .contains("sleep 1000"));
            process.descendants().forEach(all::add);
            assertThat(all).as("QEMU and its walls").isNotEmpty();
        } finally {
            process.destroy();
            ended = ended(process);
        }

        assertThat(ended.code()).as(ended.err()).isEqualTo(128 + 15);
        await().untilAsserted(() -> assertThat(all).noneMatch(RunCommandVmTest::runs));
        assertThat(state.resolve("vms")).isEmptyDirectory();
        try (var left = Files.list(state)) {
            assertThat(left.map(file -> String.valueOf(file.getFileName())))
                    .noneMatch(name -> name.startsWith("run-"));
        }
    }

    /// Not one that only waits for its parent to take note of its end.
    private static boolean runs(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 1).strip().startsWith("Z");
        } catch (IOException _) {
            return false;
        }
    }

    private void git(String... arguments) throws Exception {
        var line = new ArrayList<>(List.of("git"));
        line.addAll(List.of(arguments));
        var process = new ProcessBuilder(line).directory(checkout.toFile()).inheritIO().start();
        assertThat(process.waitFor()).isZero();
    }
}
