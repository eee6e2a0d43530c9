package airlock.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.event.DeliveryOutcome;
import airlock.event.Secret;
import airlock.forge.Headers;
import airlock.secrets.HookSecrets;
import airlock.secrets.KeyFile;
import airlock.store.Database;
import airlock.webhook.HookTable.HookTarget;
import airlock.webhook.WebhookIntake.HookRequest;
import airlock.yaml.ReadingFixture;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// T10 with the real lookup: known and unknown hooks cost the same.
final class HookTableTest {
    private static final byte[] BODY = "{\"repository\": {\"id\": 2}}".getBytes(UTF_8);
    private static final String SHORT = "home/alice/short";
    private static final String LONG = "home/alice/a-long";
    private static final String TURNED = "home/alice/turned";
    private static final String BARE = "home/alice/bare";

    private static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "TOKEN", "0123456789abcdef",
                    "SHORT", "s3cret-of-21-letters!",
                    "LONG", "x".repeat(200));

    @TempDir private Path folder;

    private Instant now = Instant.parse("2026-11-24T10:00:00Z");
    private final AtomicInteger clockReads = new AtomicInteger();
    private final InstantSource clock =
            () -> {
                clockReads.incrementAndGet();
                return now;
            };
    private Database database;
    private HookSecrets made;
    private HookTable table;
    private WebhookIntake intake;

    @BeforeEach
    void open() throws IOException {
        database = Database.open(folder.resolve("airlock.db"));
        made = new HookSecrets(database, clock, new KeyFile(folder.resolve(KeyFile.NAME)));
        table = new HookTable(config(), made, clock);
        intake =
                new WebhookIntake(
                        table,
                        (_, _, _) -> new DeliveryOutcome.NothingToDo("seen"),
                        new BodyReader(8, 1 << 20, Duration.ofSeconds(30), System::nanoTime),
                        URI.create("https://ci.example"),
                        _ -> {},
                        clock);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private AirlockConfig config() throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("airlock.yaml"),
                        """
                        base_url: https://ci.example
                        state: state
                        forges:
                          home: {kind: gitea, url: https://home.example, token: {env: TOKEN}}
                        repositories:
                        """
                                + repository(SHORT, "hook_secret: {env: SHORT}")
                                + repository(LONG, "hook_secret: {env: LONG}")
                                + repository(TURNED, "hook_secret: {env: SHORT}")
                                + repository(BARE, ""));
        return ReadingFixture.value(new ConfigReader(ENVIRONMENT).read(file));
    }

    private static String repository(String hook, String secret) {
        return "  - {name: %s, forge: home, url: \"https://home.example/x.git\"%s}\n"
                .formatted(hook.substring("home/".length()), secret.isEmpty() ? "" : ", " + secret);
    }

    private static final List<String> UNKNOWN =
            List.of(
                    BARE,
                    "home/alice/nothing",
                    "away/alice/short",
                    "home",
                    "",
                    "/",
                    "home/ALICE/x");

    @Test
    void t10EachHookAndEachPathThatIsNoneHasAsManyKeysAndCostsAsManySteps() {
        assertSameWork(1);
        made.make(TURNED, Duration.ofHours(1), "olga");
        made.make(TURNED, Duration.ofHours(1), "olga");
        assertSameWork(3);
        now = now.plus(Duration.ofHours(2));
        assertSameWork(2);
    }

    private void assertSameWork(int keys) {
        table.find(""); // rebuilds the table if a secret was created or has expired
        Map<String, List<Long>> work = new LinkedHashMap<>();
        var paths = new ArrayList<>(List.of(SHORT, LONG, TURNED, "home/Alice/SHORT"));
        paths.addAll(UNKNOWN);
        for (String path : paths) {
            int clockBefore = clockReads.get();
            long readsBefore = database.use().reads();
            HookTarget found = table.find(path);
            work.put(
                    path,
                    List.of(
                            (long) found.keys().size(),
                            (long) clockReads.get() - clockBefore,
                            database.use().reads() - readsBefore));
            assertThat(found.path().isEmpty()).as(path).isEqualTo(UNKNOWN.contains(path));
        }
        assertThat(work.values()).as("%s", work).containsOnly(List.of((long) keys, 1L, 0L));
    }

    /// Counts allocated bytes, and so the objects of each step, for paths that differ in one
    /// letter.
    @Test
    void t10RefusingTakesAsManyBytesForAHookAsForNone() {
        made.make(TURNED, Duration.ofHours(1), "olga");
        for (String known : List.of(SHORT, LONG, TURNED)) {
            String unknown = known.substring(0, known.length() - 1) + "_";
            var atKnown = new ArrayList<Long>();
            var atUnknown = new ArrayList<Long>();
            for (int i = 0; i < 301; i++) {
                atKnown.add(allocated(known));
                atUnknown.add(allocated(unknown));
            }
            assertThat(median(atKnown)).as(known).isEqualTo(median(atUnknown)).isPositive();
        }
    }

    private long allocated(String path) {
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        var request = new HookRequest("POST", path, signed("0".repeat(64)));
        var body = new ByteArrayInputStream(BODY);
        long before = threads.getCurrentThreadAllocatedBytes();
        HookAnswer answer = intake.receive(request, body);
        long after = threads.getCurrentThreadAllocatedBytes();
        assertThat(answer.status()).isEqualTo(401);
        return after - before;
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    @Test
    void everyGoodSecretOpensItsHookAndNoOther() {
        var first = new Secret("s3cret-of-21-letters!");
        assertThat(status(SHORT, first)).isEqualTo(200);
        assertThat(status("home/ALICE/Short", first)).isEqualTo(200);
        assertThat(status(LONG, first)).isEqualTo(401);
        assertThat(status(LONG, new Secret("x".repeat(200)))).isEqualTo(200);
        assertThat(status(BARE, first)).isEqualTo(401);
        assertThat(status("home/alice/nothing", first)).isEqualTo(401);

        var second = made.make(BARE, Duration.ofHours(1), "olga");
        assertThat(status(BARE, second)).as("it is good at once").isEqualTo(200);
        var third = made.make(BARE, Duration.ofHours(1), "olga");
        assertThat(List.of(status(BARE, second), status(BARE, third))).containsOnly(200);
        now = now.plus(Duration.ofHours(1));
        assertThat(status(BARE, second)).as("it has ended").isEqualTo(401);
        assertThat(status(BARE, third)).isEqualTo(200);
    }

    private int status(String path, Secret secret) {
        return intake.receive(
                        new HookRequest("POST", path, signed(Signatures.sign(secret, BODY))),
                        new ByteArrayInputStream(BODY))
                .status();
    }

    private static Headers signed(String signature) {
        return IntakeOfRecordings.headers("ping", "1", signature);
    }
}
