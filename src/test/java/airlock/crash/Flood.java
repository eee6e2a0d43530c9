package airlock.crash;

import airlock.event.Secret;
import airlock.webhook.Signatures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/// Sends signed pushes at an even pace, each for a branch of its own, to a server that may be gone.
/// Sends each once, whatever the answer, as forges do.
final class Flood implements AutoCloseable {
    private static final int SENDERS = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String NONE = "0".repeat(40);

    /// A branch that the forge has, and its commit.
    record Branch(String name, String commit) {}

    private final HttpClient client = HttpClient.newHttpClient();
    private final String template;
    private final Branch told;
    private final Secret secret;
    private final List<Branch> branches;
    private final AtomicIntegerArray statuses;
    private final AtomicInteger accepted = new AtomicInteger();
    private volatile URI hook;

    /// @param template the body of a push that made the branch `told`
    /// @param hook the server's hook for now
    Flood(byte[] template, Branch told, String secret, List<Branch> branches, URI hook) {
        this.template = new String(template, StandardCharsets.UTF_8);
        this.told = told;
        this.secret = new Secret(secret);
        this.branches = branches;
        this.statuses = new AtomicIntegerArray(branches.size());
        this.hook = hook;
    }

    /// The branch of the template.
    Branch told() {
        return told;
    }

    /// Sends deliveries there from now on.
    void to(URI other) {
        hook = other;
    }

    /// How many were answered with 202 so far.
    int accepted() {
        return accepted.get();
    }

    /// The answer's status for each branch, 0 for none.
    int status(int branch) {
        return statuses.get(branch);
    }

    /// Sends one delivery for each branch.
    void run(int perSecond) {
        var next = new AtomicInteger();
        long start = System.nanoTime();
        try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SENDERS; i++) {
                senders.execute(() -> sendAll(next, start, perSecond));
            }
        }
    }

    private void sendAll(AtomicInteger next, long start, int perSecond) {
        for (int n = next.getAndIncrement(); n < branches.size(); n = next.getAndIncrement()) {
            long due = start + n * 1_000_000_000L / perSecond;
            for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                LockSupport.parkNanos(left);
            }
            int status = send(n);
            statuses.set(n, status);
            if (status == 202) {
                accepted.incrementAndGet();
            }
        }
    }

    /// Sends the delivery of one branch, under a new id; returns the answer's status, 0 for none.
    int send(int branch) {
        byte[] body = body(branches.get(branch));
        var request =
                HttpRequest.newBuilder(hook)
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .header("X-Gitea-Event", "push")
                        .header("X-Gitea-Event-Type", "push")
                        .header("X-Gitea-Delivery", UUID.randomUUID().toString())
                        .header("X-Gitea-Signature", Signatures.sign(secret, body))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        try {
            return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        } catch (IOException _) {
            return 0; // the server is gone, or was killed before it answered
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private byte[] body(Branch branch) {
        return template.replaceAll("\"before\" *: *\"[0-9a-f]{40}\"", "\"before\":\"" + NONE + "\"")
                .replace(told.commit(), branch.commit())
                .replace("refs/heads/" + told.name(), "refs/heads/" + branch.name())
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        client.close();
    }
}
