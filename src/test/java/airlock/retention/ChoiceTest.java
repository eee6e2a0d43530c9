package airlock.retention;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.RetainedKind;
import airlock.config.Retention;
import airlock.event.Prunable.PrunableItem;
import airlock.retention.Choice.PagedRemoval;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class ChoiceTest {
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

    private static Retention kept(Duration age, long quota) {
        return kept(age, quota, quota);
    }

    private static Retention kept(Duration age, long quota, long outsideQuota) {
        var bounds = new EnumMap<RetainedKind, Retention.Bounds>(RetainedKind.class);
        for (RetainedKind kind : RetainedKind.values()) {
            bounds.put(kind, new Retention.Bounds(age, quota, outsideQuota, Long.MAX_VALUE));
        }
        return new Retention(bounds);
    }

    private static Choice choice(int days, long quota, long total) {
        return new Choice(RetainedKind.LOGS, _ -> kept(Duration.ofDays(days), quota), total);
    }

    private static PrunableItem item(String owner, String key, long bytes, int daysAgo) {
        return new PrunableItem(owner, key, bytes, NOW.minus(Duration.ofDays(daysAgo)), false);
    }

    private static PrunableItem needed(String owner, String key, long bytes, int daysAgo) {
        return new PrunableItem(owner, key, bytes, NOW.minus(Duration.ofDays(daysAgo)), true);
    }

    private static List<String> going(Choice choice, PrunableItem... items) {
        return after(choice, List.of(items)).removed.stream().map(PrunableItem::key).toList();
    }

    private static PrunablesInMemory after(Choice choice, List<PrunableItem> items) {
        var prunable = PrunablesInMemory.of(items);
        choice.removeFrom(new PagedRemoval(prunable), NOW);
        return prunable;
    }

    @Test
    void whatIsOlderThanItsAgeGoesHoweverMuchRoomThereIs() {
        assertThat(
                        going(
                                choice(10, 1_000, 1_000),
                                item("a", "old", 1, 11),
                                item("a", "young", 1, 9),
                                needed("a", "needed", 1, 99)))
                .containsExactly("old");
    }

    @Test
    void whatExpiresGoesThenAndNeverLaterThanItsAge() {
        assertThat(
                        going(
                                choice(10, 1_000, 1_000),
                                expiring("over", 2, 1, false),
                                expiring("not yet", 2, -1, false),
                                expiring("needed", 2, 1, true),
                                expiring("old", 11, -99, false)))
                .containsExactlyInAnyOrder("over", "old");
    }

    private static PrunableItem expiring(
            String key, int daysAgo, int expiredDaysAgo, boolean needed) {
        var used = NOW.minus(Duration.ofDays(daysAgo));
        return new PrunableItem(
                "a", key, 1, used, needed, NOW.minus(Duration.ofDays(expiredDaysAgo)), false);
    }

    @Test
    void aboveItsQuotaARepositorysOldestGoAndAnothersStay() {
        assertThat(
                        going(
                                choice(100, 10, 1_000),
                                item("a", "3", 5, 3),
                                item("a", "1", 5, 1),
                                item("a", "2", 5, 2),
                                item("b", "9", 10, 9)))
                .containsExactly("3");
    }

    private static PrunableItem strangers(String owner, String key, long bytes, int daysAgo) {
        var used = NOW.minus(Duration.ofDays(daysAgo));
        return new PrunableItem(owner, key, bytes, used, false, Instant.MAX, true);
    }

    @Test
    void whatStrangersMadeGoesBeforeAnythingElseHoweverNewItIs() {
        var ours = item("a", "ours", 8, 90);
        assertThat(going(choice(100, 10, 1_000), ours, strangers("a", "new", 5, 0)))
                .containsExactly("new");
        assertThat(going(choice(100, 100, 10), ours, strangers("b", "new", 5, 0)))
                .containsExactly("new");
    }

    @Test
    void strangersHaveAQuotaOfTheirOwnWithinThatOfTheRepository() {
        var choice =
                new Choice(
                        RetainedKind.BLOBS, _ -> kept(Duration.ofDays(100), 1_000, 10), 1_000_000);
        assertThat(
                        going(
                                choice,
                                item("a", "ours", 900, 90),
                                strangers("a", "2", 8, 2),
                                strangers("a", "1", 8, 1),
                                strangers("b", "3", 8, 3)))
                .containsExactly("2");
    }

    @Test
    void aboveTheTotalTheOldestOfAllGo() {
        assertThat(
                        going(
                                choice(100, 100, 12),
                                item("a", "a1", 5, 1),
                                item("b", "b3", 5, 3),
                                item("c", "c2", 5, 2)))
                .containsExactly("b3");
    }

    @Test
    void whatIsNeededCountsButStaysAndIsToldWhereItIsTooMuch() {
        var choice = choice(100, 10, 15);
        var big = needed("a", "big", 20, 50);
        var small = item("a", "small", 1, 1);

        assertThat(going(choice, big, small)).containsExactly("small");
        assertThat(choice.excesses(PrunablesInMemory.of(List.of(big)).look()))
                .containsExactly(
                        new Usage.Excess(RetainedKind.LOGS, "a", 20, 10),
                        new Usage.Excess(RetainedKind.LOGS, "", 20, 15));
        assertThat(choice.excesses(PrunablesInMemory.of(List.of(small)).look())).isEmpty();
    }

    @Test
    void whateverThereIsAllLimitsHoldAfterwardsUnlessByWhatIsNeeded() {
        var random = new Random(20261127);
        for (int round = 0; round < 300; round++) {
            var items = new ArrayList<PrunableItem>();
            for (int i = random.nextInt(40); i > 0; i--) {
                String owner = "abc".substring(random.nextInt(3)).substring(0, 1);
                int bytes = random.nextInt(50);
                int days = random.nextInt(20);
                items.add(
                        random.nextInt(4) == 0
                                ? needed(owner, "" + i, bytes, days)
                                : item(owner, "" + i, bytes, days));
            }
            var choice = choice(15, random.nextInt(200), random.nextInt(400));
            var prunable = after(choice, items);
            var left = prunable.items;

            assertThat(left).containsAll(items.stream().filter(PrunableItem::needed).toList());
            var free = left.stream().filter(item -> !item.needed()).toList();
            assertThat(free)
                    .noneMatch(item -> item.used().isBefore(NOW.minus(Duration.ofDays(15))));
            for (var excess : choice.excesses(prunable.look())) {
                assertThat(free)
                        .as("of %s something could still go", excess)
                        .filteredOn(
                                i -> excess.owner().isEmpty() || i.owner().equals(excess.owner()))
                        .filteredOn(i -> i.bytes() > 0)
                        .isEmpty();
            }
        }
    }
}
