package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.TOKEN;
import static airlock.token.TokenScene.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.egress.Connection;
import airlock.sandbox.ChildJvm;
import airlock.sandbox.Confinement;
import airlock.sandbox.Launcher;
import airlock.sandbox.Sandbox;
import airlock.vm.QemuSandbox;
import airlock.vm.ToolSandbox;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The process itself: what others can see of it, and how it ends.
class TokenProcessTest {
    @TempDir private Path directory;

    private static List<String> nulSeparated(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return Stream.of(text.split("\0", -1)).filter(entry -> !entry.isEmpty()).toList();
    }

    private static Path socket(Path homes) throws IOException {
        try (var all = Files.list(homes)) {
            return all.findFirst().orElseThrow().resolve(TokenProcess.SOCKET);
        }
    }

    private static SocketChannel connect(Path socket) throws IOException {
        return SocketChannel.open(UnixDomainSocketAddress.of(socket));
    }

    @Test
    void nothingOfTheTokenCanBeSeenOfIt() throws Exception {
        try (var scene = TokenScene.of(directory, TlsKey.of(HOST, directory))) {
            assertThat(scene.ask(get("/api/x")).status()).isEqualTo(200);

            Path proc = Path.of("/proc/" + scene.proxy.pid());
            assertThat(Files.readString(proc.resolve("cmdline"))).doesNotContain(TOKEN, "forge");
            assertThat(nulSeparated(proc.resolve("environ")))
                    .allMatch(
                            entry ->
                                    Stream.of("PATH=", "LC_ALL=", "MALLOC_ARENA_MAX=")
                                            .anyMatch(entry::startsWith));
            // a limit of one byte also keeps dumps from programs that collect them
            assertThat(Files.readString(proc.resolve("limits")))
                    .containsPattern("Max core file size +1 +1 ")
                    .containsPattern("Max file size +0 +0 ");
            Path home = socket(scene.homes).getParent();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home)))
                    .isEqualTo("rwx------");
            try (var files = Files.list(home)) {
                assertThat(files).containsExactly(socket(scene.homes));
            }
            // it listens nowhere else
            for (String table : List.of("net/tcp", "net/tcp6")) {
                assertThat(listeners(proc, table)).isEmpty();
            }
        }
    }

    /// The listening sockets of the process.
    private static List<String> listeners(Path proc, String table) throws IOException {
        List<String> own;
        try (var descriptors = Files.list(proc.resolve("fd"))) {
            own = descriptors.map(TokenProcessTest::target).toList();
        }
        try (var lines = Files.lines(proc.resolve(table))) {
            return lines.map(line -> line.strip().split(" +"))
                    .filter(fields -> fields[3].equals("0A"))
                    .map(fields -> "socket:[" + fields[9] + "]")
                    .filter(own::contains)
                    .toList();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException _) {
            return ""; // closed meanwhile
        }
    }

    @Test
    void aKilledServerLeavesNoProcessAndNobodyWhoAnswers() throws Exception {
        Path homes = directory.resolve("token");
        Process server =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                TokenServerMain.class.getName(),
                                homes.toString())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
        try (var said =
                new BufferedReader(
                        new InputStreamReader(server.getInputStream(), StandardCharsets.UTF_8))) {
            var process = ProcessHandle.of(Long.parseLong(said.readLine())).orElseThrow();
            assertThat(process.isAlive()).isTrue();
            connect(socket(homes)).close();

            server.destroyForcibly(); // SIGKILL

            await().atMost(Duration.ofSeconds(20)).until(() -> !process.isAlive());
            Path socket = socket(homes);
            assertThatThrownBy(() -> connect(socket)).isInstanceOf(IOException.class);
            try (var left = Files.list(socket.getParent())) {
                assertThat(left).containsExactly(socket);
            }
            ChildJvm.removeHomes(homes);
            assertThat(homes).isEmptyDirectory();
        } finally {
            server.destroyForcibly();
        }
    }

    @Test
    void whenThePhaseEndsNothingIsLeft() throws Exception {
        ProcessHandle process;
        Path homes;
        try (var scene = TokenScene.of(directory, TlsKey.of(HOST, directory))) {
            assertThat(scene.ask(get("/api/x")).status()).isEqualTo(200);
            process = ProcessHandle.of(scene.proxy.pid()).orElseThrow();
            homes = scene.homes;
            scene.proxy.close();

            assertThat(scene.ask(get("/api/x")).isWhole()).isFalse();
        }
        assertThat(process.isAlive()).isFalse();
        assertThat(homes).isEmptyDirectory();
    }

    @Test
    void aProcessThatEndsByItselfIsToldAndNothingWaitsForIt() throws Exception {
        try (var scene = TokenScene.of(directory, TlsKey.of(HOST, directory))) {
            assertThat(scene.ask(get("/api/x")).status()).isEqualTo(200);
            assertThat(scene.heard.line()).startsWith("GET ");
            ProcessHandle.of(scene.proxy.pid()).orElseThrow().destroyForcibly();

            assertThat(scene.heard.lineOf("ended")).contains("ended: code 137");
            assertThat(scene.ask(get("/api/x")).isWhole()).isFalse();
            assertThat(scene.heard.hasLeak()).isFalse();
        }
    }

    @Test
    void aPhaseThatHasCarriedItsMostIsCutOff() throws Exception {
        try (var scene = TokenScene.of(directory, TlsKey.of(HOST, directory))) {
            assertThat(scene.ask(get("/api/x")).status()).isEqualTo(200);
            assertThat(scene.carried.take().refusal()).isEmpty();
            String raw = get("/api/x");
            scene.server.received();
            for (int most : List.of(raw.length() - 1, raw.length() + 10)) {
                var carried = new AtomicLong();
                scene.cap =
                        more ->
                                carried.addAndGet(more) <= most
                                        ? Optional.empty()
                                        : Optional.of("has carried its most");

                assertThat(scene.ask(raw).isWhole()).isFalse();
                var told = scene.carried.take();
                assertThat(told.refusal()).contains(new Connection.Refusal("has carried its most"));
                assertThat(told.sent() + told.received()).isLessThanOrEqualTo(most);
            }
            assertThat(scene.server.received()).as("only the second one came").hasSize(1);
        }
    }

    @Test
    void oneStreamMoreThanATokenMayHaveIsRefused() throws Exception {
        try (var scene = TokenScene.of(directory, TlsKey.of(HOST, directory))) {
            assertThat(scene.ask(get("/api/x")).status()).isEqualTo(200);
            assertThat(scene.carried.take().refusal()).isEmpty();
            for (int stream = 0; stream < 64; stream++) {
                scene.open("");
                int many = stream + 1;
                await().pollInterval(Duration.ofMillis(5))
                        .until(() -> scene.proxy.streams() == many);
            }

            assertThat(scene.ask(get("/api/x")).isWhole()).isFalse();
            assertThat(scene.carried.take().refusal().orElseThrow().why()).contains("one too many");
        }
    }

    @Test
    void ofManyRequestsAThousandAreTold() throws Exception {
        try (var scene = TokenScene.of(directory, TlsKey.of(HOST, directory))) {
            String kept = "GET /api/x HTTP/1.1\r\nHost: " + TokenScene.LOCAL + "\r\n\r\n";
            for (int round = 0; round < 40; round++) {
                assertThat(scene.ask(kept.repeat(29) + get("/api/x")).isWhole()).isTrue();
            }
            for (int line = 1; line < 1_000; line++) {
                assertThat(scene.heard.line()).startsWith("GET /api/x 200");
            }
            assertThat(scene.heard.line()).contains("not listed");
            assertThat(scene.heard.isEmpty()).isTrue();
        }
    }

    @Test
    void aPathThatNoSocketCanHaveIsToldAtOnce() {
        Path deep = directory.resolve("x".repeat(100));
        assertThatThrownBy(
                        () ->
                                TokenProxy.start(
                                        TokenScene.order(
                                                1, "", TokenScene.LIMITS, TokenScene.BEARER),
                                        Sandbox.NONE,
                                        deep,
                                        _ -> {},
                                        _ -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("shorter path");
        assertThat(deep).doesNotExist();
    }

    @Test
    void itServesInTheWallsOfFetchProcesses() throws Exception {
        QemuSandbox cage = QemuSandbox.detect();
        assumeTrue(
                cage.confinement().held().contains(Confinement.Layer.NAMESPACES),
                "this machine has no namespaces: " + cage.confinement().describe());
        TlsKey key = TlsKey.of(HOST, directory);
        try (var launcher = new Launcher();
                var server = new TokenServer(key)) {
            var enclosure = new ToolSandbox(cage, launcher, List.of());
            var order =
                    TokenScene.order(
                            server.port(), key.pem(), TokenScene.LIMITS, TokenScene.BEARER);
            try (var scene = TokenScene.of(directory, server, order, enclosure::start)) {
                assertThat(scene.ask(get("/api/x")).body()).isEqualTo("hello");
                var inside =
                        ProcessHandle.of(scene.proxy.pid()).orElseThrow().descendants().toList();
                assertThat(inside).isNotEmpty();

                scene.proxy.close();

                assertThat(inside).noneMatch(ProcessHandle::isAlive);
                assertThat(scene.homes).isEmptyDirectory();
            }
        }
    }
}
