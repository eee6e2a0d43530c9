package airlock.crash;

import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.house.SmallDisk;
import airlock.vm.TestImage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/// A forge with a repository, a clone of it, and configuration and state for servers.
final class Site implements AutoCloseable {
    static final long REPOSITORY = 7;
    static final String SECRET = "the-hook's-secret";

    private static final Duration TEMPLATE = Duration.ofMinutes(3);

    private final Path directory;
    private final Path templates;
    private final Path image;
    private final LoopbackForge forge = LoopbackForge.start(0);
    private int servers;

    Site(Path directory) throws Exception {
        this(directory, directory.resolve("no-templates"));
    }

    /// @param templates a directory through which sites share a template
    Site(Path directory, Path templates) throws Exception {
        this(directory, templates, TestImage.boot().disk().toAbsolutePath().resolveSibling(""));
    }

    /// @param image the directory of the image of all machines
    Site(Path directory, Path templates, Path image) throws Exception {
        this.image = image;
        this.directory = directory;
        this.templates = templates;
        forge.host(REPOSITORY, "alice/hello", directory.resolve("hello.git"), false);
        secret("hook", SECRET);
        secret("token", LoopbackForge.TOKEN);
        Files.createDirectories(state());
        if (Files.exists(templates.resolve("made"))) {
            Path made = templates.resolve("made");
            Programs.run("cp", "-a", made.toString(), state().resolve("templates").toString());
        }
        configure(0);
        git(directory, "init", "-q", "-b", "main", "work");
    }

    /// Configures the next servers to keep so many ready clones.
    void configure(int readyClones) throws IOException {
        configure(readyClones, "");
    }

    /// The same with more settings of the repository, indented by four.
    void configure(int readyClones, String more) throws IOException {
        Files.writeString(
                config(),
                """
                base_url: http://ci.test
                listen: 127.0.0.1:0
                state: state
                accelerator: tcg
                ready_clones: {count: %3$d}
                images:
                  debian-13: {directory: %s}
                forges:
                  demo: {kind: gitea, url: "%2$s", token: {file: token}}
                repositories:
                  - name: alice/hello
                    forge: demo
                    url: %2$s/alice/hello.git
                    hook_secret: {file: hook}
                    default_branch: main
                    public: true
                %4$slimits: {memory: 512 MiB, cpus: 1}
                retention: {reserve: 16 MiB}
                """
                        .formatted(image, forge.url(), readyClones, more));
    }

    private void secret(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Path config() {
        return directory.resolve("airlock.yaml");
    }

    Path state() {
        return directory.resolve("state");
    }

    LoopbackForge forge() {
        return forge;
    }

    /// Starts a server; it may not serve yet.
    ServerProcess server(String... options) throws IOException {
        return server(List.of(), options);
    }

    /// Starts a server whose state is on a small empty disk of its own, which other processes see
    /// only through [ServerProcess#seen(Path)].
    ServerProcess serverOnDisk(int mebibytes, String... options) throws IOException {
        return server(SmallDisk.of(mebibytes, state()), options);
    }

    /// Starts a server by a command that begins with `before`.
    ServerProcess server(List<String> before, String... options) throws IOException {
        servers++;
        return ServerProcess.start(config(), output(servers), before, List.of(options));
    }

    private Path output(int server) {
        return directory.resolve("server-" + server + ".log");
    }

    /// The output of the last two servers.
    String said() throws IOException {
        var text = new StringBuilder();
        for (int i = Math.max(1, servers - 1); i <= servers; i++) {
            text.append(output(i).getFileName()).append('\n').append(Files.readString(output(i)));
        }
        return text.toString();
    }

    /// Waits until a server has made its template at its start: that machine belongs to no run.
    void awaitTemplate(ServerProcess server) {
        Path there = server.seen(state()).resolve("templates");
        Awaitility.await("the template is there")
                .atMost(TEMPLATE)
                .until(
                        () -> {
                            try (Stream<Path> entries = Files.list(there)) {
                                return entries.anyMatch(e -> !e.toString().endsWith(".making"));
                            }
                        });
    }

    /// Waits until the last server that was started keeps a clone ready.
    void awaitReadyClone() {
        Awaitility.await("a clone waits")
                .atMost(TEMPLATE)
                .until(() -> Files.readString(output(servers)).contains("ready-1 waits"));
    }

    /// Shares this site's template.
    void shareTemplate() throws IOException {
        if (Files.isDirectory(templates) && !Files.exists(templates.resolve("made"))) {
            Path mine = Files.createTempDirectory(templates, "mine").resolve("made");
            Programs.run("cp", "-a", state().resolve("templates").toString(), mine.toString());
            Programs.run("mv", "-nT", mine.toString(), templates.resolve("made").toString());
        }
    }

    /// Makes the forge send its webhooks to `server` from now on.
    void hook(URI server) {
        forge.hook(REPOSITORY, hookAt(server), SECRET, false);
    }

    /// The hook of the repository at `server`.
    URI hookAt(URI server) {
        return server.resolve("/hooks/demo/alice/hello");
    }

    /// Adds branches to the forge's repository, each with a commit of its own that needs no
    /// machine; sends no webhook.
    List<Flood.Branch> branches(int count) throws Exception {
        var stream = new StringBuilder();
        for (int i = 0; i < count; i++) {
            stream.append(
                    """
                    commit refs/heads/flood-%1$d
                    committer Alice <alice@example.org> %2$d +0000
                    data 5
                    flood
                    M 100644 inline .airlock.yaml
                    data 9
                    plan: []

                    """
                            .formatted(i, 1_700_000_000 + i));
        }
        Path bare = directory.resolve("hello.git");
        Path file = directory.resolve("branches");
        Files.writeString(file, stream);
        Programs.run("sh", "-c", "git -C '%s' fast-import --quiet < '%s'".formatted(bare, file));
        git(bare, "pack-refs", "--all");
        String format = "--format=%(refname:short) %(objectname)";
        return git(bare, "for-each-ref", format, "refs/heads/flood-*")
                .lines()
                .map(line -> line.split(" ", 2))
                .map(words -> new Flood.Branch(words[0], words[1]))
                .toList();
    }

    /// Pushes a commit with that plan; returns the commit.
    String push(String plan) throws Exception {
        Path work = directory.resolve("work");
        Files.writeString(work.resolve(".airlock.yaml"), plan);
        git(work, "add", "-A");
        git(work, "commit", "-qm", "Change something", "--allow-empty");
        String authority = "ci:" + LoopbackForge.TOKEN + "@" + forge.url().getAuthority();
        git(work, "push", "-q", "http://" + authority + "/alice/hello.git", "main");
        return git(work, "rev-parse", "HEAD").strip();
    }

    private static String git(Path directory, String... arguments) {
        var command = new ArrayList<>(List.of("git", "-C", directory.toString()));
        command.addAll(List.of("-c", "user.name=Alice", "-c", "user.email=alice@example.org"));
        command.addAll(List.of(arguments));
        return Programs.run(command.toArray(String[]::new));
    }

    @Override
    public void close() {
        forge.close();
    }
}
