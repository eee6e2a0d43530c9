package airlock.web;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A headless Chromium, driven by its DevTools protocol.
final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final ConcurrentHashMap<Integer, CompletableFuture<JsonNode>> answers =
            new ConcurrentHashMap<>();
    private final List<String> complaints = new CopyOnWriteArrayList<>();

    /// The program, if it is installed.
    static Stream<Path> program() {
        return Stream.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
                .map(Path::of)
                .filter(Files::isExecutable)
                .limit(1);
    }

    /// @param profile an empty folder
    Chromium(Path program, Path profile) throws IOException {
        this.process =
                new ProcessBuilder(
                                program.toString(),
                                "--headless",
                                "--no-sandbox",
                                "--disable-gpu",
                                "--disable-background-networking",
                                "--no-first-run",
                                "--remote-debugging-port=0",
                                "--remote-allow-origins=*",
                                "--user-data-dir=" + profile,
                                "--window-size=390,800",
                                "about:blank")
                        .redirectErrorStream(true)
                        .redirectOutput(profile.resolve("output").toFile())
                        .start();
        this.socket =
                client.newWebSocketBuilder()
                        .buildAsync(URI.create(page(port(profile))), new Listener())
                        .join();
        call("Log.enable", "{}");
        call("Runtime.enable", "{}");
    }

    private static String port(Path profile) {
        var file = profile.resolve("DevToolsActivePort");
        Awaitility.await().atMost(PATIENCE).until(() -> Files.exists(file) && Files.size(file) > 5);
        try {
            return Files.readAllLines(file).getFirst();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /// The address of the first tab.
    private String page(String port) {
        var request =
                java.net.http.HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/json/list"))
                        .build();
        return Awaitility.await()
                .atMost(PATIENCE)
                .until(
                        () ->
                                JSON.readTree(
                                                client.send(
                                                                request,
                                                                java.net.http.HttpResponse
                                                                        .BodyHandlers.ofString())
                                                        .body())
                                        .valueStream()
                                        .filter(tab -> tab.path("type").asString().equals("page"))
                                        .map(tab -> tab.path("webSocketDebuggerUrl").asString())
                                        .findFirst()
                                        .orElse(""),
                        url -> !url.isEmpty());
    }

    /// Opens a page.
    void open(String url) {
        call("Page.navigate", "{\"url\":" + JSON.writeValueAsString(url) + "}");
    }

    /// The value of a JavaScript expression, as text.
    String evaluate(String expression) {
        return call(
                        "Runtime.evaluate",
                        "{\"expression\":" + JSON.writeValueAsString(expression) + "}")
                .path("result")
                .path("result")
                .path("value")
                .asString("");
    }

    /// Policy violations and script errors that the browser reported.
    List<String> complaints() {
        return complaints;
    }

    private JsonNode call(String method, String parameters) {
        int id = ids.incrementAndGet();
        var answer = new CompletableFuture<JsonNode>();
        answers.put(id, answer);
        String text =
                "{\"id\":%d,\"method\":\"%s\",\"params\":%s}".formatted(id, method, parameters);
        socket.sendText(text, true).join();
        return answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public @org.jspecify.annotations.Nullable CompletionStage<?> onText(
                WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                accept(JSON.readTree(message.toString()));
                message.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        private void accept(JsonNode node) {
            var answer = answers.remove(node.path("id").asInt(0));
            if (answer != null) {
                answer.complete(node);
            }
            String method = node.path("method").asString("");
            if (method.equals("Log.entryAdded") || method.equals("Runtime.exceptionThrown")) {
                complaints.add(node.path("params").toString());
            }
        }
    }

    @Override
    public void close() {
        socket.abort();
        client.shutdownNow();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        process.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    }
}
