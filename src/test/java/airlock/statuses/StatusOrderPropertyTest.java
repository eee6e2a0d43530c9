package airlock.statuses;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.house.MemoryFolder;
import airlock.statuses.Outbox.StatusText;
import airlock.statuses.ScriptedForge.Fault;
import airlock.statuses.ScriptedForge.Taken;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Two hundred statuses in random order, a forge that fails at random and a server that dies at
/// random.
class StatusOrderPropertyTest {
    private static final int STATUSES = 200;
    private static final List<String> CONTEXTS = List.of("airlock", "airlock/a", "airlock/b (x)");

    @TempDir(factory = MemoryFolder.class)
    Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void perContextTheForgeSeesEachStateOnceAndInOrder(long seed) throws Exception {
        try (var airlock = new SenderFixture(Files.createDirectory(folder.resolve("1")), "home")) {
            var random = new Random(seed);
            airlock.forge().otherwise(() -> fault(random));
            airlock.forge().askFails(() -> random.nextInt(5) == 0);
            var expected = live(airlock, random);
            airlock.drain();
            assertThat(airlock.count("outcome = 'sent'")).isEqualTo(STATUSES);
            assertThat(byContext(airlock.forge().taken())).isEqualTo(byContext(expected));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12})
    void whateverArrivesLateTheLastStateOfEachContextIsRight(long seed) throws Exception {
        try (var airlock = new SenderFixture(Files.createDirectory(folder.resolve("2")), "home")) {
            var random = new Random(seed);
            var forge = airlock.forge();
            forge.otherwise(() -> random.nextInt(4) == 0 ? new Fault.Underway() : new Fault.None());
            var expected = live(airlock, random);
            while (airlock.open() > 0) {
                airlock.sender.runOnce();
                airlock.clock.move(Duration.ofSeconds(1));
            }
            forge.arrive();
            forge.otherwise(Fault.None::new);
            assertThat(lastOf(forge.taken()))
                    .as("something is covered, else this shows nothing")
                    .isNotEqualTo(lastOf(expected));
            airlock.clock.move(Duration.ofMinutes(2));
            airlock.sender.runOnce();
            assertThat(lastOf(forge.taken())).isEqualTo(lastOf(expected));
        }
    }

    /// Announces random changes and sends in between; returns the statuses that the forge should
    /// get.
    private static List<Taken> live(SenderFixture airlock, Random random) {
        List<Taken> expected = new ArrayList<>();
        List<Life> lives = new ArrayList<>();
        while (expected.size() < STATUSES) {
            if (lives.size() < 8) {
                lives.add(new Life(random));
            }
            Life life = lives.get(random.nextInt(lives.size()));
            expected.add(life.next(airlock, random));
            if (life.state > 2) {
                lives.remove(life);
            }
            disturb(airlock, random);
        }
        return expected;
    }

    private static void disturb(SenderFixture airlock, Random random) {
        switch (random.nextInt(24)) {
            case 0, 1, 2, 7, 8, 9 -> airlock.sender.runOnce();
            case 3, 4, 10, 11 -> airlock.clock.move(Duration.ofMillis(random.nextInt(5_000)));
            case 5 -> dieWithAnAnswerLost(airlock);
            case 6, 12 -> airlock.forge().arrive();
            default -> {}
        }
    }

    /// The server dies after the forge accepted a status but before that was recorded: the last
    /// sent status of one context is still marked as being sent.
    private static void dieWithAnAnswerLost(SenderFixture airlock) {
        int lost =
                airlock.sql(
                        """
                        UPDATE status_outbox SET outcome = 'sending', recheck_at = NULL
                        WHERE outcome = 'sent' AND seq = (SELECT MAX(seq) FROM status_outbox
                            WHERE outcome <> 'waiting' AND context = 'airlock/a'
                                AND commit_id LIKE '1%')
                        """);
        assertThat(lost).isBetween(0, 1);
        airlock.replaceSender();
    }

    private static Fault fault(Random random) {
        return switch (random.nextInt(20)) {
            case 0 -> new Fault.Refused(500);
            case 1 -> new Fault.Refused(503);
            case 2 -> new Fault.Refused(429, "Retry-After: " + random.nextInt(30));
            case 3, 4, 10, 11 -> new Fault.Lost();
            case 5, 6 -> new Fault.Unanswered();
            default -> new Fault.None();
        };
    }

    private static Map<String, List<String>> byContext(List<Taken> taken) {
        Map<String, List<String>> contexts = new LinkedHashMap<>();
        taken.forEach(t -> contexts.computeIfAbsent(key(t), _ -> new ArrayList<>()).add(brief(t)));
        return contexts;
    }

    private static Map<String, String> lastOf(List<Taken> taken) {
        Map<String, String> last = new LinkedHashMap<>();
        taken.forEach(t -> last.put(key(t), brief(t)));
        return last;
    }

    private static String brief(Taken status) {
        int id = status.target().length() - 4;
        return status.target().substring(id) + " " + status.description();
    }

    private static String key(Taken status) {
        return status.commit().substring(0, 2) + " " + status.context();
    }

    private static final class Life {
        private final RequestId request = RequestId.random();
        private final CommitId commit;
        private final String context;
        private int state;

        Life(Random random) {
            commit = new CommitId(Integer.toString(random.nextInt(3)).repeat(40));
            context = CONTEXTS.get(random.nextInt(CONTEXTS.size()));
        }

        /// Ends with an error, so that no request silences another (T4 is tested elsewhere).
        Taken next(SenderFixture airlock, Random random) {
            State next =
                    switch (state++) {
                        case 0 -> new State.Queued();
                        case 1 -> new State.Running();
                        default -> new State.Ended(Verdict.BROKE, "no. " + random.nextInt());
                    };
            airlock.tell(airlock.forge().repository, commit, request, context, next);
            var told = StatusText.of(next);
            return new Taken(
                    commit.hex(),
                    context,
                    told.state().word(),
                    told.description(),
                    "https://ci.example/requests/" + request);
        }
    }
}
