package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// A real registry on loopback: Debian's docker-registry.
public final class Registry implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/bin/docker-registry");
    static final String LOGIN = "me:a password";
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final Path directory;
    private final int port;
    private final boolean closedToStrangers;
    private final Process process;
    private final HttpClient client = HttpClient.newHttpClient();

    /// @param directory an empty one
    /// @param closedToStrangers whether it wants the login
    public Registry(Path directory, boolean closedToStrangers) throws Exception {
        this.directory = directory;
        this.closedToStrangers = closedToStrangers;
        try (var free = new ServerSocket(0)) {
            this.port = free.getLocalPort();
        }
        String authentication = "";
        if (closedToStrangers) {
            String hash = OpenBSDBCrypt.generate("2y", "a password".toCharArray(), new byte[16], 4);
            Path passwords = Files.writeString(directory.resolve("passwords"), "me:" + hash);
            authentication = "auth: {htpasswd: {realm: here, path: %s}}%n".formatted(passwords);
        }
        Path settings =
                Files.writeString(
                        directory.resolve("settings.yml"),
                        """
                        version: 0.1
                        log: {level: error}
                        storage: {filesystem: {rootdirectory: %s}}
                        http: {addr: "127.0.0.1:%d"}
                        %s"""
                                .formatted(directory.resolve("data"), port, authentication));
        this.process =
                new ProcessBuilder(PROGRAM.toString(), "serve", settings.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        await();
    }

    private void await() throws Exception {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                send("GET", "/v2/", BodyPublishers.noBody(), "");
                return;
            } catch (IOException _) {
                Thread.sleep(50);
            }
        }
        throw new IllegalStateException(Files.readString(directory.resolve("log")));
    }

    public String host() {
        return "127.0.0.1:" + port;
    }

    private HttpResponse<String> send(String method, String at, BodyPublisher body, String type)
            throws IOException, InterruptedException {
        var uri = at.startsWith("http") ? URI.create(at) : URI.create("http://" + host() + at);
        var request = HttpRequest.newBuilder(uri).method(method, body);
        if (!type.isEmpty()) {
            request.header("Content-Type", type);
        }
        if (closedToStrangers) {
            byte[] login = LOGIN.getBytes(StandardCharsets.UTF_8);
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(login));
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    /// Puts an image there.
    ///
    /// @return the manifest's digest
    public String push(OciFixture image, String path, String tag) throws Exception {
        for (byte[] blob : image.blobs()) {
            blob(path, blob);
        }
        return manifest(path, tag, image.manifest(), OciFixture.MANIFEST);
    }

    private void blob(String path, byte[] blob) throws Exception {
        var begun = send("POST", "/v2/" + path + "/blobs/uploads/", BodyPublishers.noBody(), "");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        String at = begun.headers().firstValue("Location").orElseThrow();
        var done =
                send(
                        "PUT",
                        at
                                + (at.contains("?") ? "&" : "?")
                                + "digest=sha256:"
                                + OciFixture.sum(blob),
                        BodyPublishers.ofByteArray(blob),
                        "application/octet-stream");
        assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
    }

    private String manifest(String path, String tag, byte[] bytes, String type) throws Exception {
        var done =
                send(
                        "PUT",
                        "/v2/" + path + "/manifests/" + tag,
                        BodyPublishers.ofByteArray(bytes),
                        type);
        assertThat(done.statusCode()).as(done.body()).isEqualTo(201);
        return "sha256:" + OciFixture.sum(bytes);
    }

    /// Puts an index of several there, by processor.
    ///
    /// @return the index's digest
    String pushIndex(Map<String, OciFixture> images, String path, String tag) throws Exception {
        var all = new ArrayList<Map<String, Object>>();
        for (var image : images.entrySet()) {
            String digest = push(image.getValue(), path, "for-" + image.getKey());
            var descriptor =
                    OciFixture.descriptor(OciFixture.MANIFEST, image.getValue().manifest());
            assertThat(descriptor).containsEntry("digest", digest);
            descriptor.put("platform", Map.of("os", "linux", "architecture", image.getKey()));
            all.add(descriptor);
        }
        byte[] index =
                OciFixture.json(
                        Map.of(
                                "schemaVersion",
                                2,
                                "mediaType",
                                OciFixture.INDEX,
                                "manifests",
                                List.copyOf(all)));
        return manifest(path, tag, index, OciFixture.INDEX);
    }

    /// The file in which it keeps what has this digest.
    Path stored(String digest) {
        String sum = digest.substring("sha256:".length());
        return directory.resolve(
                "data/docker/registry/v2/blobs/sha256/"
                        + sum.substring(0, 2)
                        + "/"
                        + sum
                        + "/data");
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
