package airlock.bench;

import airlock.event.Secret;
import airlock.house.LoopbackForge;
import airlock.house.PostedStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Measures `run.empty` of docs/performance.md: from the first byte of a webhook until the forge
/// has the run's last status. Three phases of one action that does nothing, the whole server in a
/// process of its own, real VMs, a forge on loopback.
final class RunBench {
    private static final String NAME = "run.empty";
    private static final String REPOSITORY = "alice/widget";
    private static final int ID = 7;
    private static final int ROUNDS = 5;
    private static final int PATIENCE = 300;
    private static final int PHASES = 3;
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final String PLAN =
            """
            pre_plan:
              - action: shell
                shell: "true"
            plan:
              - action: shell
                shell: "true"
            post_plan:
              - action: shell
                shell: "true"
            """;

    private final BlockingQueue<PostedStatus> statuses = new LinkedBlockingQueue<>();
    private final Path bare;
    private final Path log;
    private final SignedPushes pushes;
    private int commits;

    private RunBench(Path bare, Path log) throws IOException {
        this.bare = bare;
        this.log = log;
        this.pushes = new SignedPushes(ServerProcess.HOOK, new Secret(ServerProcess.SECRET), 8192);
    }

    /// Measures and prints the figure.
    ///
    /// @param arguments a directory with `state`, in which the image is
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        var rounds = new Rounds(NAME, ROUNDS);
        Path bare = Files.createTempDirectory(directory, "forge-").resolve("widget.git");
        try (var forge = LoopbackForge.start(0)) {
            forge.host(ID, REPOSITORY, bare, false);
            var bench = new RunBench(bare, directory.resolve("server.log"));
            forge.onStatus(bench.statuses::add);
            rounds.progress("starting the server");
            try (var server = ServerProcess.start(directory, forge.url(), LoopbackForge.TOKEN)) {
                rounds.progress("warming up");
                bench.run(server.port());
                double seconds = rounds.alone(() -> bench.run(server.port()));
                System.out.println(Figure.alone(NAME, seconds, "s").line());
            }
        }
    }

    /// One run on a server that is as it was for the first: a ready clone for each phase.
    private double run(int port) throws Exception {
        awaitReadyClones((commits + 1) * PHASES);
        String commit = commit();
        byte[] push = pushes.of("main", commit);
        long start = System.nanoTime();
        try (var connection = new KeptConnection(port)) {
            int status = connection.exchange(push);
            if (status != 202) {
                throw new IOException("the webhook was answered with " + status);
            }
        }
        String state = lastStateOf(commit);
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!state.equals("success")) {
            throw new IOException("the run did not pass: " + state);
        }
        return seconds;
    }

    /// @param count how many clones must have become ready since the start of the server
    private void awaitReadyClones(int count) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
        while (readyClones() < count) {
            if (System.nanoTime() > end) {
                throw new IOException(
                        "%d ready clones instead of %d; see %s"
                                .formatted(readyClones(), count, log));
            }
            Thread.sleep(LOOK);
        }
    }

    private long readyClones() throws IOException {
        try (var lines = Files.lines(log)) {
            return lines.filter(line -> line.contains(" waits, a clone of template ")).count();
        }
    }

    private String lastStateOf(String commit) throws IOException, InterruptedException {
        while (true) {
            PostedStatus status = statuses.poll(PATIENCE, TimeUnit.SECONDS);
            if (status == null) {
                throw new IOException("no last status in %d s".formatted(PATIENCE));
            }
            if (status.commit().equals(commit) && !status.state().equals("pending")) {
                return status.state();
            }
        }
    }

    /// A new commit on `main` of the forge's repository.
    private String commit() throws Exception {
        String blob = git(PLAN, "hash-object", "-w", "--stdin");
        String tree = git("100644 blob " + blob + "\t.airlock.yaml\n", "mktree");
        String commit = git("Commit " + commits++, "commit-tree", tree);
        git("", "update-ref", "refs/heads/main", commit);
        return commit;
    }

    private String git(String input, String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(java.util.List.of("git", "-C", bare.toString()));
        command.addAll(java.util.List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(java.util.List.of(arguments));
        var process =
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        try (var out = process.getOutputStream()) {
            out.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("git " + arguments[0] + " failed");
        }
        return said.strip();
    }
}
