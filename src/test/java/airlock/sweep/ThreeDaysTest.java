package airlock.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.house.HostedChange;
import airlock.sandbox.Sandbox;
import airlock.source.ProcessFetcher;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The forge is down for three days, and many refs have moved when it is back.
final class ThreeDaysTest {
    private SweepFixture at;
    private ProcessFetcher processes;
    private final List<ForgeEvent> webhooks = new ArrayList<>();
    private final List<String> moved = new ArrayList<>();

    @BeforeEach
    void start(@TempDir Path directory) {
        at = new SweepFixture(directory);
        processes = new ProcessFetcher(directory.resolve("state"), Sandbox.NONE, 1, 0);
        at.sweeper = at.sweeper(processes, at.listers());
    }

    @AfterEach
    void stop() {
        at.close();
        processes.close();
    }

    @Test
    void whatMovedWhileTheForgeWasAwayIsFoundInOneSweepAndNothingTwice() throws Exception {
        recordABaseline();

        at.forge.away(true);
        for (int hour = 0; hour < 72; hour += 6) {
            at.clock.move(Duration.ofHours(6));
            at.sweeper.runOnce();
        }
        moveBranches();
        moveTags();
        moveChanges();
        at.forge.away(false);
        at.clock.move(Duration.ofHours(1));

        assertThat(at.sweeper.runOnce()).isEqualTo(80);
        assertThat(at.waiting()).containsExactlyInAnyOrderElementsOf(moved);
        assertThat(at.requests()).hasSize(80).allMatch(request -> request.endsWith(" sweep"));
        assertThat(at.sweep()).as("a second sweep").isZero();

        nothingNewComesOf(webhooks);
        nothingNewComesOf(webhooks);
        assertThat(at.sweep()).isZero();
        assertThat(at.requests()).hasSize(80);
        assertThat(at.waiting()).containsExactlyInAnyOrderElementsOf(moved);
        assertThat(at.announced)
                .filteredOn(change -> change.subject() instanceof Subject.Change)
                .hasSize(20)
                .allMatch(change -> change.trust() == TrustClass.OUTSIDE);
    }

    private void recordABaseline() throws InterruptedException {
        at.push("main");
        for (int i = 0; i < 30; i++) {
            at.push("old-" + i);
        }
        at.tag("v0");
        at.offer(100);
        at.offer(101);
        assertThat(at.sweep()).as("a first sweep tests nothing").isZero();
    }

    /// Delivers the forge's old webhooks in order; the second time they are redeliveries.
    private void nothingNewComesOf(List<ForgeEvent> late) {
        int no = 0;
        for (ForgeEvent event : late) {
            assertThat(at.told(event, "late " + no++))
                    .as("%s", event)
                    .isInstanceOf(DeliveryOutcome.Known.class);
        }
    }

    /// 25 known ones, some of which move twice, and 25 new ones.
    private void moveBranches() {
        for (int i = 0; i < 25; i++) {
            String name = "old-" + i;
            var before = new CommitId(at.git("rev-parse", "refs/heads/" + name));
            var between = i % 2 == 0 ? at.push(name) : before;
            var after = at.push(name);
            if (i % 2 == 0) {
                webhooks.add(at.pushed(name, before, between));
            }
            webhooks.add(at.pushed(name, between, after));
            moved.add("refs/heads/" + name + " " + after);
        }
        for (int i = 0; i < 25; i++) {
            String name = "new-" + i;
            var made = at.push(name);
            var after = at.push(name);
            webhooks.add(at.pushed(name, CommitId.NONE, made));
            webhooks.add(at.pushed(name, made, after));
            moved.add("refs/heads/" + name + " " + after);
        }
    }

    /// One known tag that moves and nine new ones. Gitea sends two webhooks for each, without the
    /// former commit.
    private void moveTags() {
        for (int i = 0; i < 10; i++) {
            var tag = at.tag("v" + i);
            var told =
                    new ForgeEvent.Tagged(
                            SweepFixture.WIDGET,
                            new Subject.Tag("refs/tags/v" + i),
                            CommitId.NONE,
                            tag,
                            CommitSummary.NONE);
            webhooks.add(told);
            webhooks.add(told);
            moved.add("refs/tags/v" + i + " " + tag);
        }
    }

    /// Two known ones that are updated, ten new ones of branches, eight new ones of forks with
    /// hostile branch names.
    private void moveChanges() {
        List<String> hostile = List.of("main", "refs/heads/main", "topic/3", "release");
        for (int i = 0; i < 20; i++) {
            long number = 100L + i;
            var head = at.commit("head of " + number).hex();
            var change = HostedChange.inside(number, "main", head, "topic/" + number);
            if (i >= 12) {
                change = change.from(9000L + i, hostile.get(i % hostile.size()));
            }
            webhooks.add(at.offered(at.show(change)));
            var updated = at.show(change.at(at.commit("update of " + number).hex()));
            webhooks.add(at.offered(updated));
            moved.add(number + " " + updated.head());
        }
    }
}
