package airlock.bench;

import airlock.event.Secret;
import airlock.house.LoopbackForge;
import airlock.house.PostedStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Runs of the one repository of a [ServerProcess]: each of a commit of its own, asked for by a
/// signed webhook, over when the forge has its last status.
final class PushedRuns {
    private static final String REPOSITORY = "alice/widget";
    private static final int ID = 7;
    private static final int PATIENCE = 300;

    private final Map<String, CompletableFuture<String>> ends = new ConcurrentHashMap<>();
    private final Path bare;
    private final String plan;
    private final SignedPushes pushes;
    private int commits;

    /// @param directory gets the forge's repository
    /// @param plan of all commits
    PushedRuns(LoopbackForge forge, Path directory, String plan) throws Exception {
        this.bare = Files.createTempDirectory(directory, "forge-").resolve("widget.git");
        this.plan = plan;
        this.pushes = new SignedPushes(ServerProcess.HOOK, new Secret(ServerProcess.SECRET), 8192);
        forge.host(ID, REPOSITORY, bare, false);
        forge.onStatus(this::told);
    }

    private void told(PostedStatus status) {
        if (!status.state().equals("pending")) {
            end(status.commit()).complete(status.state());
        }
    }

    private CompletableFuture<String> end(String commit) {
        return ends.computeIfAbsent(commit, _ -> new CompletableFuture<>());
    }

    /// Commits to a branch of the forge's repository; the webhook that tells of it is not sent.
    Pushed commit(String branch) throws Exception {
        String blob = git(plan, "hash-object", "-w", "--stdin");
        String tree = git("100644 blob " + blob + "\t.airlock.yaml\n", "mktree");
        String commit = git("Commit " + commits++, "commit-tree", tree);
        git("", "update-ref", "refs/heads/" + branch, commit);
        return new Pushed(commit, pushes.of(branch, commit));
    }

    /// @param webhook the whole request that tells of it
    record Pushed(String commit, byte[] webhook) {}

    /// Sends the webhook.
    static void send(int port, Pushed pushed) throws Exception {
        try (var connection = new KeptConnection(port)) {
            int status = connection.exchange(pushed.webhook());
            if (status != 202) {
                throw new IOException("the webhook was answered with " + status);
            }
        }
    }

    /// Waits until it has passed.
    void awaitSuccess(Pushed pushed) throws Exception {
        String state = end(pushed.commit()).get(PATIENCE, TimeUnit.SECONDS);
        if (!state.equals("success")) {
            throw new IOException("the run did not pass: " + state);
        }
    }

    private String git(String input, String... arguments) throws Exception {
        var command = new ArrayList<>(List.of("git", "-C", bare.toString()));
        command.addAll(List.of("-c", "user.name=A", "-c", "user.email=a@example.org"));
        command.addAll(List.of(arguments));
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
