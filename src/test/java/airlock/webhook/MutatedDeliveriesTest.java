package airlock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.forge.Headers;
import airlock.forge.Recording;
import airlock.webhook.WebhookIntake.HookRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

/// Mutated recordings at the intake: from a stranger (signature invalid) and from a broken forge
/// (signed again).
class MutatedDeliveriesTest {
    private static final int EACH = 10_000;
    private static final int HEADERS = 2_000;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final List<String> EVENTS =
            List.of("push", "create", "delete", "pull_request", "ping", "fork", "status", "x");

    private static final List<Recording> RECORDINGS =
            Recording.all().stream().filter(r -> r.method().equals("POST")).toList();

    private final IntakeOfRecordings at = IntakeOfRecordings.open();

    @Test
    void tenThousandMutatedBodiesOfStrangersAreRefused() {
        for (int seed = 0; seed < EACH; seed++) {
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Recording recording = RECORDINGS.get(random.nextInt(RECORDINGS.size()));
            byte[] mutated = MutatedBodies.of(recording.body(), random);
            if (Arrays.equals(mutated, recording.body())) {
                continue;
            }
            assertThat(at.take(recording, mutated).status()).as("seed %d", seed).isIn(401, 415);
        }
        assertThat(at.keeper.readings).isEmpty();
    }

    @Test
    void tenThousandMutatedBodiesThatAreSignedAnewAreTakenOrRefusedInBoundedTime() {
        var statuses = new TreeMap<Integer, Integer>();
        for (int seed = 0; seed < EACH; seed++) {
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Recording recording = RECORDINGS.get(random.nextInt(RECORDINGS.size()));
            byte[] mutated = MutatedBodies.of(recording.body(), random);
            String event =
                    random.nextInt(4) == 0
                            ? EVENTS.get(random.nextInt(EVENTS.size()))
                            : recording.headers().only("X-Gitea-Event");
            long start = System.nanoTime();
            int status = at.takeSigned(mutated, event, "seed-" + seed).status();
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .as("seed %d", seed)
                    .isLessThan(LONGEST);
            assertThat(status).as("seed %d", seed).isIn(200, 202, 400, 403);
            statuses.merge(status, 1, Integer::sum);
        }
        // some accepted, some refused: the mutations reach the readers
        assertThat(statuses).containsKeys(200, 202, 400);
    }

    @Test
    void mutatedHeadersGetAnAnswer() {
        for (int seed = 0; seed < HEADERS; seed++) {
            RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            Recording recording = RECORDINGS.get(random.nextInt(RECORDINGS.size()));
            var headers = new TreeMap<String, String>();
            for (String name :
                    List.of(
                            "Content-Type",
                            "X-Gitea-Event",
                            "X-Gitea-Delivery",
                            "X-Gitea-Signature")) {
                String value = recording.headers().only(name);
                headers.put(
                        name,
                        random.nextBoolean()
                                ? value
                                : new String(
                                        MutatedBodies.of(value.getBytes(UTF_8), random), UTF_8));
            }
            var request =
                    new HookRequest("POST", IntakeOfRecordings.PATH, Headers.ofSingle(headers));
            assertThat(at.take(request, recording.body()).status())
                    .as("seed %d", seed)
                    .isIn(200, 202, 400, 401, 409, 415);
        }
    }

    @Test
    void largeHostileBodiesCostLittle() {
        String many = "[".repeat(1 << 20);
        var bodies =
                Map.of(
                        "nested arrays",
                        many,
                        "nested objects",
                        "{\"a\":".repeat(1 << 20),
                        "one number",
                        "{\"a\": " + "9".repeat(4 << 20) + "}",
                        "one text",
                        "{\"ref\": \"" + "x".repeat(4 << 20) + "\"}",
                        "one name",
                        "{\"" + "x".repeat(4 << 20) + "\": 1}",
                        "many names",
                        names());
        bodies.forEach(
                (what, body) -> {
                    long start = System.nanoTime();
                    assertThat(at.takeSigned(body.getBytes(UTF_8), "push", what.replace(' ', '-')))
                            .as(what)
                            .extracting(HookAnswer::status)
                            .isEqualTo(400);
                    assertThat(Duration.ofNanos(System.nanoTime() - start))
                            .as(what)
                            .isLessThan(LONGEST);
                });
    }

    private static String names() {
        var names = new ArrayList<String>();
        for (int i = 0; i < 300_000; i++) {
            names.add("\"k" + i + "\":0");
        }
        return "{" + String.join(",", names) + "}";
    }
}
