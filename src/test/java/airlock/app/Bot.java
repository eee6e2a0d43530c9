package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.machine.Hypervisor.MachineHealth;
import airlock.machine.StateDirectory;
import airlock.sandbox.Sandbox;
import airlock.source.FetchThreads;
import airlock.source.ProcessFetcher;
import airlock.store.DiskSpace;
import airlock.store.DiskSpace.Disk;
import airlock.vm.BootFiles;
import airlock.vm.VmHost;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// A whole bot on loopback: real database, real git, real HTTP; the test supplies the VMs.
public final class Bot implements AutoCloseable {
    public static final String SECRET = "the-hook's-secret";
    /// A base URL that no request goes to.
    private static final String NAMED = "http://ci.test";

    private static final Path NOWHERE = Path.of("/nonexistent");
    static final BootFiles NO_BOOT = new BootFiles(NOWHERE, NOWHERE, NOWHERE);

    private final StateDirectory state;
    private final ProcessFetcher fetcher;
    private final Server server;
    private final Runnable last;

    private Bot(StateDirectory state, ProcessFetcher fetcher, Server server, Runnable last) {
        this.state = state;
        this.fetcher = fetcher;
        this.server = server;
        this.last = last;
    }

    /// Starts a bot with its state below `directory`, which a later start finds.
    public static Bot start(Path directory, LoopbackForge forge, VmHost host) throws IOException {
        return start(directory, forge, host, NO_BOOT, "");
    }

    /// Starts a bot that fetches in threads of this JVM, for tests with many commits.
    ///
    /// @param more keys of the repository in the configuration, a line
    public static Bot quick(Path directory, LoopbackForge forge, VmHost host, String more)
            throws IOException {
        var config = config(directory, forge.url(), NAMED, 0, more);
        var threads = new FetchThreads(Files.createDirectories(directory.resolve("jgit")));
        return start(config, host, NO_BOOT, new Disk(directory), threads, threads::close);
    }

    public static Bot start(
            Path directory, LoopbackForge forge, VmHost host, BootFiles boot, String more)
            throws IOException {
        return start(
                config(directory, forge.url(), NAMED, 0, more), host, boot, new Disk(directory));
    }

    /// Starts a bot with more keys at the top of its configuration.
    static Bot startWith(Path directory, LoopbackForge forge, VmHost host, String more)
            throws IOException {
        var config = config(directory, forge.url(), NAMED, 0, "\n" + more);
        return start(config, host, NO_BOOT, new Disk(config.state()));
    }

    public static Bot start(Path directory, LoopbackForge forge, VmHost host, DiskSpace room)
            throws IOException {
        return start(config(directory, forge.url(), NAMED, 0, ""), host, NO_BOOT, room);
    }

    /// Starts a bot that listens on a port and has `reached` as its base URL.
    public static Bot reachedAt(
            Path directory, LoopbackForge forge, VmHost host, String reached, int listens)
            throws IOException {
        var config = config(directory, forge.url(), reached, listens, "");
        return start(config, host, NO_BOOT, new Disk(directory));
    }

    public static Bot fetching(Path directory, LoopbackForge forge, VmHost host, Sandbox sandbox)
            throws IOException {
        var config = config(directory, forge.url(), NAMED, 0, "");
        return start(config, host, NO_BOOT, new Disk(directory), sandbox, () -> {});
    }

    private static Bot start(AirlockConfig config, VmHost host, BootFiles boot, DiskSpace room) {
        return start(config, host, boot, room, Sandbox.NONE, () -> {});
    }

    private static Bot start(
            AirlockConfig config,
            VmHost host,
            BootFiles boot,
            DiskSpace room,
            Sandbox sandbox,
            Runnable last) {
        var state = StateDirectory.lock(config.state());
        var fetcher = new ProcessFetcher(config.state(), sandbox, 2, 0);
        var machine =
                new Server.Machine(host, _ -> boot, fetcher, MachineHealth.unknown(), Sandbox.NONE);
        try {
            var server = new Server(config, state, room, () -> machine, InstantSource.system());
            return new Bot(state, fetcher, server, last);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static AirlockConfig config(Path directory, URI forge, String baseUrl, int port, String more)
            throws IOException {
        secret(directory.resolve("hook"), SECRET);
        secret(directory.resolve("token"), LoopbackForge.TOKEN);
        Path file = directory.resolve("airlock.yaml");
        Files.writeString(
                file,
                """
                base_url: %s
                listen: 127.0.0.1:%d
                state: %s
                slots: 2
                outside_per_hour: 1000
                %s
                forges:
                  demo: {kind: gitea, url: "%s", token: {file: token}}
                repositories:
                  - name: alice/hello
                    forge: demo
                    %s
                    hook_secret: {file: hook}
                    default_branch: main
                    %s
                    %s
                """
                        .formatted(
                                baseUrl,
                                port,
                                directory.resolve("state"),
                                more.contains("shutdown_grace:") ? "" : "shutdown_grace: 0s",
                                forge,
                                more.contains("url:") ? "" : "url: " + forge + "/alice/hello.git",
                                more.contains("public:") ? "" : "public: true",
                                more));
        return ReadingFixture.value(new ConfigReader(Map.of()).read(file));
    }

    private static void secret(Path file, String text) throws IOException {
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    public List<Reply> ask(Command command) {
        var replies = new ArrayList<Reply>();
        new ControlClient(StateDirectory.controlSocket(state.path())).send(command, replies::add);
        return replies;
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.port());
    }

    /// Stores a secret value of alice/hello.
    void keep(String kind, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        String base64 = Base64.getEncoder().encodeToString(bytes);
        assertThat(ask(new Command.SetSecret("alice/hello", kind, name, base64)))
                .singleElement()
                .isInstanceOf(Reply.Done.class);
    }

    /// Makes an SSH key of alice/hello; returns its public half.
    String newKey(String name) {
        return ((Reply.Key) ask(new Command.NewSecret("alice/hello", name)).getFirst()).publicKey();
    }

    String get(String path) throws IOException, InterruptedException {
        return get(path, "").body();
    }

    String log() throws IOException, InterruptedException {
        return get("/runs/" + runs().getFirst() + "/log.txt");
    }

    /// The answer to a GET with a token; without one if it is empty.
    HttpResponse<String> get(String path, String token) throws IOException, InterruptedException {
        return get(URI.create(url() + path), token);
    }

    private static HttpResponse<String> get(URI address, String token)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(address);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    String metrics() throws IOException, InterruptedException {
        int port = server.metricsPort().orElseThrow();
        return get(URI.create("http://127.0.0.1:" + port + "/metrics"), "").body();
    }

    /// The runs on its first page, newest first.
    public List<String> runs() throws IOException, InterruptedException {
        return Pattern.compile("/runs/([a-z0-9]{20})")
                .matcher(get("/"))
                .results()
                .map(found -> found.group(1))
                .distinct()
                .toList();
    }

    @Override
    public void close() {
        server.close();
        fetcher.close();
        state.close();
        last.run();
    }
}
