package airlock.bench;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `bin/airlock serve` in a process of its own, as people run it, with one repository whose hook
/// is known. The images and what is known of the accelerator stay from one start to the next, all
/// else begins anew.
final class ServerProcess implements AutoCloseable {
    static final String SECRET = "the-secret-of-the-bench's-hook";
    static final String HOOK = "/hooks/demo/alice/widget";
    private static final int PATIENCE = 120;
    private static final List<String> KEPT = List.of("images", "accelerator", "templates");
    private static final int FETCH_PROCESSES = 2;

    private final Process process;
    private final int port;
    private final Path log;

    private ServerProcess(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /// Starts one and waits until it answers.
    ///
    /// @param directory its configuration and `state`
    /// @param slots how many VMs may run at once
    static ServerProcess start(Path directory, URI forge, String token, int slots)
            throws Exception {
        int port = freePort();
        Path config = configure(directory, forge, token, port, slots);
        forget(directory.resolve("state"));
        var builder =
                new ProcessBuilder("bin/airlock", "serve", "--config", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("server.log").toFile());
        var server = new ServerProcess(builder.start(), port, directory.resolve("server.log"));
        try {
            server.awaitHealth();
            return server;
        } catch (IOException | InterruptedException e) {
            server.close();
            throw e;
        }
    }

    private static Path configure(Path directory, URI forge, String token, int port, int slots)
            throws IOException {
        secret(directory.resolve("hook"), SECRET);
        secret(directory.resolve("token"), token);
        String text =
                """
                base_url: http://127.0.0.1:%1$d
                listen: 127.0.0.1:%1$d
                state: %2$s
                slots: %4$d
                # a sweep that finds a commit before its webhook is there would leave that nothing to do
                sweep_every: 7d
                forges:
                  demo: {kind: gitea, url: "%3$s", token: {file: token}}
                repositories:
                  - name: alice/widget
                    forge: demo
                    url: "%3$s/alice/widget.git"
                    hook_secret: {file: hook}
                    default_branch: main
                    public: true
                limits:
                  memory: 512 MiB
                  cpus: 1
                """
                        .formatted(port, directory.resolve("state").toAbsolutePath(), forge, slots);
        return Files.writeString(directory.resolve("airlock.yaml"), text);
    }

    private static void secret(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static void forget(Path state) throws IOException {
        Files.createDirectories(state);
        try (Stream<Path> entries = Files.list(state)) {
            for (Path entry : entries.toList()) {
                if (!KEPT.contains(entry.getFileName().toString())) {
                    remove(entry);
                }
            }
        }
    }

    private static void remove(Path tree) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void awaitHealth() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (System.nanoTime() < end && process.isAlive()) {
            if (isHealthy()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
        throw new IOException("the server did not start; its output: " + Files.readString(log));
    }

    private boolean isHealthy() {
        try {
            var url = URI.create("http://127.0.0.1:" + port + "/healthz").toURL();
            return ((HttpURLConnection) url.openConnection()).getResponseCode() == 200;
        } catch (IOException _) {
            return false;
        }
    }

    int port() {
        return port;
    }

    /// @param count how many clones must have become ready since the start
    void awaitReadyClones(int count) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (readyClones() < count) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "%d ready clones instead of %d; see %s"
                                .formatted(readyClones(), count, log));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /// Waits until both fetch processes that a server keeps have nothing more to do than wait.
    void awaitFetchProcesses() throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        var before = Map.<Long, Duration>of();
        while (true) {
            var now = javaChildren();
            if (now.size() == FETCH_PROCESSES && now.equals(before)) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new IOException("%d fetch processes; see %s".formatted(now.size(), log));
            }
            before = now;
            TimeUnit.MILLISECONDS.sleep(500);
        }
    }

    /// The CPU time of each, by process id.
    private Map<Long, Duration> javaChildren() {
        return process.descendants()
                .filter(child -> child.info().command().orElse("").endsWith("/java"))
                .collect(
                        Collectors.toMap(
                                ProcessHandle::pid,
                                child -> child.info().totalCpuDuration().orElse(Duration.ZERO),
                                (one, _) -> one));
    }

    private long readyClones() throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" waits, a clone of template ")).count();
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
