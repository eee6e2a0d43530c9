package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.sandbox.Confinement.Layer;
import airlock.sandbox.Launcher;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolSandboxTest {
    private static final Launcher LAUNCHER = new Launcher();
    private static QemuSandbox cage;

    @TempDir Path directory;
    private Path mirrors;
    private Path home;
    private ToolSandbox enclosure;

    @BeforeAll
    static void tryTheWalls() throws InterruptedException {
        cage = QemuSandbox.detect();
    }

    @AfterAll
    static void close() {
        LAUNCHER.close();
    }

    @BeforeEach
    void enclose() throws Exception {
        assumeTrue(
                cage.confinement().held().contains(Layer.NAMESPACES),
                "this machine has no namespaces: " + cage.confinement().describe());
        mirrors = Files.createDirectory(directory.resolve("mirrors"));
        Files.writeString(Files.createDirectory(mirrors.resolve("old")).resolve("pack"), "old");
        home = Files.createDirectory(directory.resolve("home"));
        enclosure = new ToolSandbox(cage, LAUNCHER, List.of(mirrors));
    }

    private String said(List<Path> reads, String script) throws Exception {
        var process = enclosure.start(home, reads, List.of("sh", "-c", "{ " + script + "; } 2>&1"));
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return text.strip();
    }

    @Test
    void itWritesItsHomeAlsoWhatWasMovedThereFromADirectoryThatIsGivenToIt() throws Exception {
        Files.move(mirrors.resolve("old"), home.resolve("old"));
        assertThat(
                        said(
                                List.of(),
                                "cd %s && echo x > new && cd old && echo new > pack && cat pack"
                                        .formatted(home)))
                .isEqualTo("new");
        assertThat(said(List.of(), "ls " + mirrors)).contains("No such file");
        assertThat(home.resolve("new")).hasContent("x\n");
    }

    @Test
    void itSeesNothingElseOfTheHost() throws Exception {
        Path secret = Files.writeString(directory.resolve("master.key"), "secret");
        Path program = Files.writeString(directory.resolve("program"), "classes");
        var reads = List.of(program);

        assertThat(said(reads, "cat " + secret)).contains("No such file");
        assertThat(said(reads, "cat " + program)).isEqualTo("classes");
        assertThat(said(reads, "echo x > " + program)).contains("Read-only file system");
        assertThat(said(reads, "ls /root /home /var /run")).doesNotContain("airlock");
        assertThat(said(reads, "id -u")).isNotEqualTo("0");
        assertThat(said(reads, "ls /proc | grep -c '^[0-9]'")).matches("[1-9]");
        assertThat(said(reads, "grep NoNewPrivs /proc/self/status")).endsWith("1");
        assertThat(said(reads, "grep CapEff /proc/self/status")).matches(".*\\s0+");
    }

    @Test
    void itReachesTheHostsNetwork() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String line = "exec 3<>/dev/tcp/127.0.0.1/%d; cat <&3".formatted(server.getLocalPort());
            Thread.ofVirtual()
                    .start(
                            () -> {
                                try (var one = server.accept()) {
                                    one.getOutputStream().write('!');
                                } catch (java.io.IOException _) {
                                    // the assertion tells
                                }
                            });
            assertThat(said(List.of(), "bash -c '" + line + "'")).isEqualTo("!");
        }
    }
}
