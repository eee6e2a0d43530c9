package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.cli.ShellProcess;
import airlock.vm.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock vm shell` and `airlock serve`, each a process, with real machines.
@Tag("vm")
final class ShellOfAServerTest {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir Path directory;

    private Path configured() throws IOException {
        Path image = Objects.requireNonNull(TestImage.boot().disk().toAbsolutePath().getParent());
        for (String name : List.of("token", "hook")) {
            Path file = Files.writeString(directory.resolve(name), "not-a-real-secret");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        }
        return Files.writeString(
                directory.resolve("airlock.yaml"),
                """
                base_url: http://ci.test
                listen: 127.0.0.1:0
                state: state
                accelerator: tcg
                ready_clones: {count: 1, spare_memory: 0 B}
                images:
                  debian-13: {directory: %s}
                forges:
                  demo: {kind: gitea, url: "http://127.0.0.1:1", token: {file: token}}
                repositories:
                  - name: alice/hello
                    forge: demo
                    url: http://127.0.0.1:1/alice/hello.git
                    hook_secret: {file: hook}
                limits: {memory: 512 MiB, cpus: 1}
                retention: {reserve: 16 MiB}
                """
                        .formatted(image));
    }

    @Test
    void aServerThatIsKilledLeavesNoMachineAndItsPeopleAMessage() throws Exception {
        String config = configured().toString();
        var all = new ArrayList<ProcessHandle>();
        try (var server = ShellProcess.piped(directory.resolve("server"), "serve", "-c", config)) {
            await().atMost(LONG)
                    .failFast(() -> !server.handle().isAlive())
                    .until(() -> server.out().contains("airlock serves"));
            await().atMost(LONG).until(() -> server.err().contains("ready-1 waits"));
            var shell = ShellProcess.piped(directory.resolve("shell"), arguments(config));
            try (shell) {
                shell.type("echo $((20 + 3))\n");
                await().atMost(LONG)
                        .until(() -> ShellProcess.plain(shell.out()).contains("\n23\n"));
                server.handle().descendants().forEach(all::add);
                assertThat(all).as("QEMU and its walls").isNotEmpty();

                server.handle().destroyForcibly();

                var ended = shell.ended();
                System.err.println(ended.err());
                assertThat(ended.code()).isEqualTo(4);
                assertThat(ended.err()).contains("the server has gone", "the shell is there");
            }
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(all).noneMatch(ShellOfAServerTest::runs));
    }

    private static String[] arguments(String config) {
        return new String[] {"vm", "shell", "-c", config, "--verbose"};
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
}
