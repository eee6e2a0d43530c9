package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.TestImage;
import airlock.vm.TestTar;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.jgit.api.Git;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock run --projects` as a process with real QEMU.
@Tag("vm")
class RunProjectsVmTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private static String projects(int port) {
        return """
            projects:
              first:
                source: ../first
                image: /nonexistent/debian.qcow2
                pre_plan:
                  - action: http_get
                    items: [{url: "http://files.example:%d/x", filename: x}]
                plan:
                  - action: shell
                    shell: |
                      git log --format=subject-%%s
                      cat /ci/deps/http/x > /ci/artifacts/got
                post_plan:
                  - action: pwd
              second:
                source: ../second
                image: /nonexistent/debian.qcow2
                artifact_max_size: 2000000
                plan:
                  - action: shell
                    shell: |
                      cat /ci/cache/count || true
                      echo again >> /ci/cache/count
                      echo "made of $(cat file)" > /ci/artifacts/made
            """
                .formatted(port);
    }

    @TempDir Path directory;
    private Path state = Path.of("");
    private final List<String> asked = new ArrayList<>();
    private HttpServer server = start();

    private HttpServer start() {
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        server.createContext(
                "/",
                exchange -> {
                    synchronized (asked) {
                        asked.add(exchange.getRequestURI().getPath());
                    }
                    byte[] body = "fetched".getBytes(StandardCharsets.UTF_8);
                    exchange.sendResponseHeaders(200, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        server.start();
        return server;
    }

    @BeforeEach
    void places() throws Exception {
        state = Files.createDirectory(directory.resolve("state"));
        Path images =
                Objects.requireNonNull(TestImage.boot().disk().getParent()).resolveSibling(".");
        Files.createSymbolicLink(state.resolve("images"), images.toAbsolutePath().normalize());
        for (String name : List.of("first", "second")) {
            Files.createDirectory(directory.resolve(name));
            commit(name, "one");
        }
        Path ci = Files.createDirectory(directory.resolve("ci"));
        int port = server.getAddress().getPort();
        Files.writeString(ci.resolve("projects.yaml"), projects(port));
        Path token = Files.writeString(ci.resolve("token"), "0123456789abcdef");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                ci.resolve("airlock.yaml"),
                """
                base_url: https://ci.example.org
                state: %s
                forges: {f: {kind: gitea, url: "https://f.example.org", token: {file: token}}}
                repositories:
                  - name: alice/first
                    forge: f
                    url: https://f.example.org/alice/first.git
                    network: {pre_plan: {allow: ["files.example:%d = 127.0.0.1"]}}
                """
                        .formatted(state, port));
    }

    @AfterEach
    void theImageStays() throws IOException {
        server.stop(0);
        Files.delete(state.resolve("images"));
    }

    private void commit(String name, String text) throws Exception {
        Path source = directory.resolve(name);
        Files.writeString(source.resolve("file"), text);
        try (var git = Git.init().setDirectory(source.toFile()).call()) {
            git.add().addFilepattern(".").call();
            git.commit().setSign(false).setMessage(text).setAuthor("A", "a@example.org").call();
        }
    }

    private record Ended(int code, String out, String err) {}

    private Ended run(String... arguments) throws Exception {
        var line = new ArrayList<String>();
        line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // it starts sooner, and lives for seconds
        line.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "airlock.Main"));
        line.addAll(List.of("run", "--state", state.toString(), "--image", "debian-13"));
        line.addAll(List.of("--projects", directory.resolve("ci/projects.yaml").toString()));
        line.addAll(List.of(arguments));
        var process =
                new ProcessBuilder(line)
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start();
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

    private String artifact(String project, String name) throws IOException {
        Path tar = state.resolve("projects").resolve(project).resolve("artifacts.tar");
        return new String(
                Objects.requireNonNull(TestTar.read(Files.readAllBytes(tar)).get(name)),
                StandardCharsets.UTF_8);
    }

    @Test
    void theUnchangedProjectIsSkippedUnlessForcedAndArtifactsAndCacheAreKept() throws Exception {
        String config = directory.resolve("ci/airlock.yaml").toString();
        var first = run("--config", config);

        assertThat(first.code()).as(first.err()).isEqualTo(ExitCode.OK);
        assertThat(asked).contains("/x");
        assertThat(artifact("first", "got")).isEqualTo("fetched");
        assertThat(artifact("second", "made")).isEqualTo("made of one\n");
        assertThat(first.out()).contains("subject-one");
        assertThat(first.err()).contains("second: artifacts in " + state + "/projects/second/");

        commit("second", "two");
        var second = run("--config", config);

        assertThat(second.code()).as(second.err()).isEqualTo(ExitCode.OK);
        assertThat(second.err())
                .contains("first is skipped: its commit was run already", "project second passed")
                .doesNotContain("project first");
        assertThat(second.out()).contains("again\n");
        assertThat(artifact("second", "made")).isEqualTo("made of two\n");

        var skipped = run("second");
        assertThat(skipped.code()).as(skipped.err()).isEqualTo(ExitCode.OK);
        assertThat(skipped.out()).isEmpty();
        var forced = run("--force", "second");
        assertThat(forced.code()).as(forced.err()).isEqualTo(ExitCode.OK);
        assertThat(forced.out()).contains("again\nagain\n");
        assertThat(forced.err()).contains("project second passed").doesNotContain("first");
    }

    @Test
    void withoutAConfigurationAFetchFailsAndItIsSaidWhyWhileOthersRun() throws Exception {
        var ended = run();

        assertThat(ended.code()).as(ended.err()).isEqualTo(ExitCode.NO);
        assertThat(ended.err())
                .contains(
                        "no network, mirrors or targets: those of a repository OWNER/first in the"
                                + " configuration that --config names would hold",
                        "project first failed: ",
                        "project second passed");
        assertThat(asked).isEmpty();
    }
}
