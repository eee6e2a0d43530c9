package airlock.retention;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Housekeeping;
import airlock.config.RetainedKind;
import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import airlock.store.Database;
import airlock.store.Stillness;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JanitorTest {
    private static final Housekeeping HOUSEKEEPING = Housekeeping.STANDARD;

    @TempDir Path directory;
    private Database database;
    private Instant now = Instant.parse("2026-11-27T12:00:00Z");
    private long free = Long.MAX_VALUE;
    private final Map<RetainedKind, Prunable> prunables = new EnumMap<>(RetainedKind.class);

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("airlock.db"));
        for (RetainedKind kind : RetainedKind.values()) {
            prunables.put(kind, new PrunablesInMemory());
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private PrunablesInMemory on(RetainedKind kind) {
        return (PrunablesInMemory) Objects.requireNonNull(prunables.get(kind));
    }

    private void put(RetainedKind kind, String key, long bytes, Duration ago) {
        on(kind).items.add(new PrunableItem("forge:1", key, bytes, now.minus(ago), false));
    }

    private List<String> left(RetainedKind kind) {
        return on(kind).keys();
    }

    private Janitor janitor() {
        return new Janitor(
                new Janitor.Parts(
                        prunables, () -> free, new Stillness(directory), database, () -> now),
                HOUSEKEEPING,
                _ -> HOUSEKEEPING.each());
    }

    @Test
    void everyKindIsTidiedByItsOwnAge() {
        for (RetainedKind kind : RetainedKind.values()) {
            var age = HOUSEKEEPING.each().age(kind);
            put(kind, "old", 1, age.plusSeconds(1));
            put(kind, "young", 1, age.minusSeconds(1));
        }
        assertThat(janitor().look()).isEmpty();
        for (RetainedKind kind : RetainedKind.values()) {
            assertThat(left(kind)).containsExactly("young");
        }
    }

    @Test
    void filesThatNothingNamesAreLookedForAtTheFirstLookAndOnceADay() {
        var janitor = janitor();
        var tidied = new ArrayList<Integer>();
        for (int hour = 0; hour < 50; hour++) {
            janitor.look();
            tidied.add(on(RetainedKind.LOGS).tidied);
            now = now.plus(Duration.ofHours(1));
        }
        assertThat(tidied.getFirst()).isEqualTo(1);
        assertThat(tidied.get(23)).isEqualTo(1);
        assertThat(tidied.get(24)).isEqualTo(2);
        assertThat(tidied.getLast()).isEqualTo(3);
    }

    @Test
    void whatCannotBeRemovedIsToldAndHoldsUpNothingElse() {
        long quota = HOUSEKEEPING.each().quota(RetainedKind.MIRRORS);
        put(RetainedKind.MIRRORS, "open", quota + 1, Duration.ofDays(1));
        on(RetainedKind.MIRRORS).stuck.add("open");
        put(RetainedKind.SOURCES, "old", 1, Duration.ofDays(999));

        assertThat(janitor().look())
                .containsExactly(
                        new Usage.Excess(RetainedKind.MIRRORS, "forge:1", quota + 1, quota));
        assertThat(left(RetainedKind.SOURCES)).isEmpty();
    }

    @Test
    void aKindThatCannotBeReadHoldsUpNoOther() {
        prunables.put(
                RetainedKind.LOGS,
                new PrunablesInMemory() {
                    @Override
                    public PrunableLook look() {
                        throw new IllegalStateException("the disk is broken");
                    }
                });
        put(RetainedKind.DELIVERIES, "old", 1, Duration.ofDays(999));
        janitor().look();
        assertThat(left(RetainedKind.DELIVERIES)).isEmpty();
    }

    @Test
    void whileTheDiskIsShortOfRoomCachesGoOldestFirstAndNothingElse() {
        for (RetainedKind kind : RetainedKind.values()) {
            put(kind, "young", 10, Duration.ofHours(1));
            put(kind, "older", 10, Duration.ofHours(2));
        }
        free = HOUSEKEEPING.reserve() - 1;
        var growing =
                new PrunablesInMemory() {
                    @Override
                    public boolean remove(PrunableItem item) {
                        free += item.bytes();
                        return super.remove(item);
                    }
                };
        growing.items.addAll(on(RetainedKind.SOURCES).items);
        prunables.put(RetainedKind.SOURCES, growing);

        janitor().look();

        assertThat(left(RetainedKind.SOURCES)).containsExactly("young");
        for (RetainedKind kind :
                List.of(
                        RetainedKind.LOGS,
                        RetainedKind.BLOBS,
                        RetainedKind.MIRRORS,
                        RetainedKind.DELIVERIES)) {
            assertThat(left(kind)).containsExactly("young", "older");
        }
    }

    @Test
    void aClockThatJumpedYearsAheadRemovesNothingAtItsFirstLook() {
        put(RetainedKind.LOGS, "log", 1, Duration.ofDays(1));
        janitor().look();
        Instant before = now;
        now = now.plus(Duration.ofDays(5_000));
        janitor().look();
        assertThat(left(RetainedKind.LOGS)).containsExactly("log");

        now = before.minus(Duration.ofDays(1)); // mended, a day behind
        janitor().look();
        assertThat(left(RetainedKind.LOGS)).containsExactly("log");
    }

    @Test
    void afterALongRestTheSecondLookCountsUpToNow() {
        put(RetainedKind.LOGS, "log", 1, Duration.ofDays(1));
        janitor().look();
        now = now.plus(Duration.ofDays(500));
        janitor().look();
        now = now.plus(Duration.ofHours(1));
        janitor().look();
        assertThat(left(RetainedKind.LOGS)).isEmpty();
    }

    @Test
    void whileABackupIsMadeNothingGoes() throws InterruptedException {
        put(RetainedKind.LOGS, "old", 1, Duration.ofDays(999));
        try (var held = new Stillness(directory).hold()) {
            assertThat(held.isHeld()).isTrue();
            janitor().look();
            assertThat(left(RetainedKind.LOGS)).containsExactly("old");
        }
        janitor().look();
        assertThat(left(RetainedKind.LOGS)).isEmpty();
    }
}
