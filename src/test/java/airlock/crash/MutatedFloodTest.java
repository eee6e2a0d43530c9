package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import airlock.forge.Recording;
import airlock.webhook.MutatedBodies;
import airlock.webhook.Signatures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A forge signs and sends mutated deliveries: the real server, with its database, answers all of
/// them in a small heap.
@Tag("crash")
final class MutatedFloodTest {
    private static final int SENDERS = 8;

    /// A server that leaked deliveries would run out of memory.
    private static final String HEAP = "-Xmx96m";

    private static final List<Recording> RECORDINGS =
            Recording.all().stream().filter(r -> r.method().equals("POST")).toList();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Secret secret = new Secret(Site.SECRET);
    @TempDir Path directory;

    @Test
    void each2000MutatedDeliveriesHaveTheirAnswer() throws Exception {
        flood(2_000);
    }

    @Tag("soak")
    @Test
    void each100000MutatedDeliveriesHaveTheirAnswer() throws Exception {
        flood(100_000);
    }

    private void flood(int deliveries) throws Exception {
        try (var site = new Site(directory);
                var server = site.server(HEAP)) {
            site.forge().away(true);
            URI hook = site.hookAt(server.url());
            var first = RECORDINGS.getFirst();
            assertThat(send(hook, "first", first, first.body()))
                    .as("pins the repository")
                    .isIn(200, 202);
            var statuses = new ConcurrentHashMap<Integer, Integer>();
            var next = new AtomicInteger();
            try (var senders = Executors.newVirtualThreadPerTaskExecutor()) {
                Callable<Void> sender =
                        () -> {
                            sendAll(hook, next, deliveries, statuses);
                            return null;
                        };
                for (var one : senders.invokeAll(Collections.nCopies(SENDERS, sender))) {
                    one.get();
                }
            }
            assertThat(new TreeMap<>(statuses).keySet())
                    .as("answers %s", statuses)
                    .contains(200, 202, 400)
                    .isSubsetOf(200, 202, 400, 409);
            assertThat(server.said()).doesNotContain("\n\tat ");
        }
    }

    private void sendAll(
            URI hook,
            AtomicInteger next,
            int deliveries,
            ConcurrentHashMap<Integer, Integer> statuses)
            throws IOException, InterruptedException {
        for (int n = next.getAndIncrement(); n < deliveries; n = next.getAndIncrement()) {
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(n);
            var recording = RECORDINGS.get(random.nextInt(RECORDINGS.size()));
            byte[] body = MutatedBodies.of(recording.body(), random);
            int status = send(hook, "seed-" + n, recording, body);
            statuses.merge(status, 1, Integer::sum);
        }
    }

    private int send(URI hook, String id, Recording recording, byte[] body)
            throws IOException, InterruptedException {
        var request =
                HttpRequest.newBuilder(hook)
                        .header("Content-Type", "application/json")
                        .header("X-Gitea-Event", recording.headers().only("X-Gitea-Event"))
                        .header("X-Gitea-Delivery", id)
                        .header("X-Gitea-Signature", Signatures.sign(secret, body))
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }
}
