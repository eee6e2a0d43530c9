package airlock.retention;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Housekeeping;
import airlock.config.Shelf;
import airlock.event.Stock;
import airlock.event.Stock.StockItem;
import airlock.event.Stock.StockLook;
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
    private final Map<Shelf, Stock> stocks = new EnumMap<>(Shelf.class);

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("airlock.db"));
        for (Shelf shelf : Shelf.values()) {
            stocks.put(shelf, new MemoryStock());
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private MemoryStock on(Shelf shelf) {
        return (MemoryStock) Objects.requireNonNull(stocks.get(shelf));
    }

    private void put(Shelf shelf, String key, long bytes, Duration ago) {
        on(shelf).items.add(new StockItem("forge:1", key, bytes, now.minus(ago), false));
    }

    private List<String> left(Shelf shelf) {
        return on(shelf).keys();
    }

    private Janitor janitor() {
        return new Janitor(
                new Janitor.Parts(
                        stocks, () -> free, new Stillness(directory), database, () -> now),
                HOUSEKEEPING,
                _ -> HOUSEKEEPING.each());
    }

    @Test
    void everyShelfIsTidiedByItsOwnAge() {
        for (Shelf shelf : Shelf.values()) {
            var age = HOUSEKEEPING.each().age(shelf);
            put(shelf, "old", 1, age.plusSeconds(1));
            put(shelf, "young", 1, age.minusSeconds(1));
        }
        assertThat(janitor().look()).isEmpty();
        for (Shelf shelf : Shelf.values()) {
            assertThat(left(shelf)).containsExactly("young");
        }
    }

    @Test
    void filesThatNothingNamesAreLookedForAtTheFirstLookAndOnceADay() {
        var janitor = janitor();
        var tidied = new ArrayList<Integer>();
        for (int hour = 0; hour < 50; hour++) {
            janitor.look();
            tidied.add(on(Shelf.LOGS).tidied);
            now = now.plus(Duration.ofHours(1));
        }
        assertThat(tidied.getFirst()).isEqualTo(1);
        assertThat(tidied.get(23)).isEqualTo(1);
        assertThat(tidied.get(24)).isEqualTo(2);
        assertThat(tidied.getLast()).isEqualTo(3);
    }

    @Test
    void whatCannotBeRemovedIsToldAndHoldsUpNothingElse() {
        long quota = HOUSEKEEPING.each().quota(Shelf.MIRRORS);
        put(Shelf.MIRRORS, "open", quota + 1, Duration.ofDays(1));
        on(Shelf.MIRRORS).stuck.add("open");
        put(Shelf.SOURCES, "old", 1, Duration.ofDays(999));

        assertThat(janitor().look())
                .containsExactly(new Usage.Excess(Shelf.MIRRORS, "forge:1", quota + 1, quota));
        assertThat(left(Shelf.SOURCES)).isEmpty();
    }

    @Test
    void aShelfThatCannotBeReadHoldsUpNoOther() {
        stocks.put(
                Shelf.LOGS,
                new MemoryStock() {
                    @Override
                    public StockLook look() {
                        throw new IllegalStateException("the disk is broken");
                    }
                });
        put(Shelf.DELIVERIES, "old", 1, Duration.ofDays(999));
        janitor().look();
        assertThat(left(Shelf.DELIVERIES)).isEmpty();
    }

    @Test
    void whileTheDiskIsShortOfRoomCachesGoOldestFirstAndNothingElse() {
        for (Shelf shelf : Shelf.values()) {
            put(shelf, "young", 10, Duration.ofHours(1));
            put(shelf, "older", 10, Duration.ofHours(2));
        }
        free = HOUSEKEEPING.reserve() - 1;
        var growing =
                new MemoryStock() {
                    @Override
                    public boolean remove(StockItem item) {
                        free += item.bytes();
                        return super.remove(item);
                    }
                };
        growing.items.addAll(on(Shelf.SOURCES).items);
        stocks.put(Shelf.SOURCES, growing);

        janitor().look();

        assertThat(left(Shelf.SOURCES)).containsExactly("young");
        for (Shelf shelf : List.of(Shelf.LOGS, Shelf.BLOBS, Shelf.MIRRORS, Shelf.DELIVERIES)) {
            assertThat(left(shelf)).containsExactly("young", "older");
        }
    }

    @Test
    void aClockThatJumpedYearsAheadRemovesNothingAtItsFirstLook() {
        put(Shelf.LOGS, "log", 1, Duration.ofDays(1));
        janitor().look();
        Instant before = now;
        now = now.plus(Duration.ofDays(5_000));
        janitor().look();
        assertThat(left(Shelf.LOGS)).containsExactly("log");

        now = before.minus(Duration.ofDays(1)); // mended, a day behind
        janitor().look();
        assertThat(left(Shelf.LOGS)).containsExactly("log");
    }

    @Test
    void afterALongRestTheSecondLookCountsUpToNow() {
        put(Shelf.LOGS, "log", 1, Duration.ofDays(1));
        janitor().look();
        now = now.plus(Duration.ofDays(500));
        janitor().look();
        now = now.plus(Duration.ofHours(1));
        janitor().look();
        assertThat(left(Shelf.LOGS)).isEmpty();
    }

    @Test
    void whileABackupIsMadeNothingGoes() throws InterruptedException {
        put(Shelf.LOGS, "old", 1, Duration.ofDays(999));
        try (var held = new Stillness(directory).hold()) {
            assertThat(held.isHeld()).isTrue();
            janitor().look();
            assertThat(left(Shelf.LOGS)).containsExactly("old");
        }
        janitor().look();
        assertThat(left(Shelf.LOGS)).isEmpty();
    }
}
