package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.crash.ServerProcess;
import airlock.event.Phase;
import airlock.queue.ClaimedRun;
import airlock.results.Blob;
import airlock.results.Blobs;
import airlock.results.Blobs.BlobMark;
import airlock.results.PhaseView.PlaceUse;
import airlock.vm.TestImage;
import airlock.vm.TestTar;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The worst that strangers can have the server keep, read by many slow readers at once, by a
/// server with a heap of 256 MiB that ends at the first allocation that fails.
class SlowReadersTest {
    private static final String RECORD = "x";

    @TempDir Path state;
    private String request = "";
    private String run = "";
    private String records = "";

    @Test
    void aServerWithASmallHeapOutlivesTheWorstPagesReadBySlowReaders() throws Exception {
        keepTheWorst(4_000, 60_000);
        assertThat(readSlowly(80)).as("refused requests").isPositive();
    }

    @Test
    @Tag("soak")
    void aServerWithASmallHeapOutlivesTwoHundredSlowReadersOfTheLargestArtifactsAndLogs()
            throws Exception {
        keepTheWorst(99_900, 300_000);
        assertThat(readSlowly(200)).as("refused requests").isPositive();
    }

    private void keepTheWorst(int files, int lines) throws Exception {
        try (var stored = new StoredRuns(state)) {
            request = stored.push("main").text();
            stored.plan(
                    IntStream.range(0, 64)
                            .mapToObj(i -> "p" + i + "\"".repeat(60))
                            .toArray(String[]::new));
            var worst = stored.claim();
            run = worst.id().text();
            steps(stored, worst);
            try (var log = stored.logs.append(worst.id())) {
                log.add(Phase.PLAN, 0, 1, 0, "\n".repeat(lines).getBytes(StandardCharsets.UTF_8));
            }
            artifacts(stored, worst, files);
            stored.end(worst);
            var tiny = stored.claim();
            records = tiny.id().text();
            try (var log = stored.logs.append(tiny.id())) {
                for (int i = 0; i < lines; i++) {
                    log.add(Phase.PLAN, 0, 1, 0, RECORD.getBytes(StandardCharsets.UTF_8));
                }
            }
            stored.end(tiny);
        }
    }

    private static void steps(StoredRuns stored, ClaimedRun run) {
        var places =
                IntStream.range(0, 500)
                        .mapToObj(
                                i ->
                                        new PlaceUse(
                                                i + "<".repeat(250), 1, 1, 1, 1, "\"".repeat(200)))
                        .toList();
        for (var phase : Phase.values()) {
            var key = StoredRuns.key(run, phase);
            stored.records.begun(key, "kvm", Collections.nCopies(500, "\"".repeat(260)));
            stored.records.connected(key, places);
        }
    }

    private void artifacts(StoredRuns stored, ClaimedRun run, int files) throws IOException {
        Path archive = state.resolve("archive");
        String folder = ("d".repeat(250) + "/").repeat(16);
        try (var out = Files.newOutputStream(archive)) {
            for (int i = 0; i < files; i++) {
                out.write(TestTar.head(folder + i, 0));
            }
            out.write(new byte[1024]);
        }
        new Blobs(stored.database, state.resolve("blobs"), stored::now)
                .keep(
                        StoredRuns.key(run, Phase.PLAN),
                        "artifacts",
                        new Blob(archive, "0".repeat(64), Files.size(archive), false),
                        BlobMark.NONE);
    }

    private List<String> paths() {
        String page = "/runs/" + run;
        return List.of(
                page,
                page + "/artifacts",
                page + "/log",
                "/api/v1" + page,
                "/api/v1/runs/" + records + "/log?bytes=1048576",
                "/api/v1" + page + "/artifacts",
                "/api/v1" + page + "/log?bytes=1048576",
                page + "/log.html",
                page + "/log.txt",
                "/runs/" + records + "/log?from=" + 100_000,
                "/runs/" + records + "/log.jsonl",
                page + "/events",
                "/requests/" + request,
                "/api/v1/requests/" + request,
                "/api/v1/runs?limit=100",
                "/badges/forge/ann/widget.svg?plan=" + "p".repeat(900),
                page + "/artifacts/none");
    }

    private int readSlowly(int readers) throws Exception {
        try (var server = start();
                var client = HttpClient.newHttpClient();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            int port = server.url().getPort();
            List<Future<String>> heads = new ArrayList<>();
            List<Socket> sockets = new ArrayList<>();
            var paths = paths();
            for (int i = 0; i < readers; i++) {
                var socket = new Socket();
                socket.setReceiveBufferSize(4096);
                socket.connect(
                        new java.net.InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                sockets.add(socket);
                // every other one reads the page that takes most
                String path = paths.get(i % 2 == 0 ? 0 : i / 2 % paths.size());
                String from = "203.0.113." + i;
                heads.add(threads.submit(() -> head(socket, path, from)));
            }
            int refused = refused(client, port, heads);
            assertThat(get(client, port, "/healthz")).isEqualTo("ok\n");
            for (var socket : sockets) {
                socket.close();
            }
            for (String path : paths) {
                if (!path.endsWith("/events") && !path.endsWith("/none")) {
                    assertThat(get(client, port, path)).as(path).isNotEmpty();
                }
            }
            assertThat(server.isAlive()).as("the server lives").isTrue();
            return refused;
        }
    }

    /// Counts the answers that are refusals; the server says that it is healthy until all are
    /// there.
    private static int refused(HttpClient client, int port, List<Future<String>> heads)
            throws Exception {
        int refused = 0;
        for (var head : heads) {
            while (!head.isDone()) {
                assertThat(get(client, port, "/healthz")).isEqualTo("ok\n");
            }
            String text = head.get();
            assertThat(text).contains("HTTP/1.1 ");
            if (text.contains("HTTP/1.1 503")) {
                refused++;
                assertThat(text).contains("Retry-After: ");
            }
        }
        return refused;
    }

    private static String head(Socket socket, String path, String from) throws IOException {
        String request =
                "GET "
                        + path
                        + " HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: "
                        + from
                        + "\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readNBytes(700), StandardCharsets.ISO_8859_1);
    }

    /// A page, asked for again while the server says that it is busy.
    private static String get(HttpClient client, int port, String path) throws Exception {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .timeout(Duration.ofMinutes(1))
                        .build();
        HttpResponse<String> answer;
        do {
            answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        } while (answer.statusCode() == 503);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    /// `airlock serve` with half of its usual heap.
    private ServerProcess start() throws IOException {
        Path image = Objects.requireNonNull(TestImage.boot().disk().toAbsolutePath().getParent());
        Path config = state.resolve("airlock.yaml");
        Files.writeString(state.resolve("secret"), "known-to-this-test-only");
        Files.setPosixFilePermissions(
                state.resolve("secret"), PosixFilePermissions.fromString("rw-------"));
        Files.writeString(
                config,
                """
                base_url: http://ci.test
                listen: 127.0.0.1:0
                state: .
                accelerator: tcg
                images: {debian-13: {directory: %s}}
                forges:
                  forge: {kind: forgejo, url: "http://127.0.0.1:1", token: {file: secret}}
                repositories:
                  - name: ann/widget
                    id: 1
                    forge: forge
                    url: http://127.0.0.1:1/ann/widget.git
                    hook_secret: {file: secret}
                    default_branch: main
                    public: true
                """
                        .formatted(image));
        return ServerProcess.start(config, state.resolve("out"), List.of(), List.of("-Xmx256m"));
    }
}
