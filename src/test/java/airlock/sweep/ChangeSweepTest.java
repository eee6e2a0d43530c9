package airlock.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.DeliveryOutcome;
import airlock.event.ForgeEvent;
import airlock.event.ForgeKind;
import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.forge.HttpChanges;
import airlock.house.HostedChange;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Open change requests of the loopback forge.
final class ChangeSweepTest {
    @TempDir private Path directory;
    private SweepFixture at;

    @BeforeEach
    void start() {
        at = new SweepFixture(directory);
        at.push("main");
    }

    @AfterEach
    void stop() {
        at.close();
    }

    private void as(ForgeKind kind) throws Exception {
        at.close();
        at = new SweepFixture(directory.resolve(kind.key()), kind);
        at.push("main");
    }

    private static String row(HostedChange change) {
        return change.number() + " " + change.head();
    }

    private List<String> pages() {
        return at.forge.asked().stream().filter(q -> q.contains("/pulls?")).toList();
    }

    @ParameterizedTest
    @EnumSource(ForgeKind.class)
    void aListOfSeveralPagesIsReadToItsEnd(ForgeKind kind) throws Exception {
        as(kind);
        at.sweep();
        var offered = LongStream.rangeClosed(1, 120).mapToObj(at::offer).toList();

        assertThat(at.sweep()).isEqualTo(120);
        assertThat(at.waiting())
                .containsExactlyInAnyOrderElementsOf(
                        offered.stream().map(ChangeSweepTest::row).toList());
        assertThat(pages()).hasSize(1 + 3);
        assertThat(at.sweep()).isZero();
    }

    @Test
    void anAnswerThatIsTheSameCountsLikeTheLastOne() throws Exception {
        as(ForgeKind.GITHUB);
        at.sweep();
        LongStream.rangeClosed(1, 60).forEach(at::offer);
        at.sweep();
        assertThat(at.sweep()).isZero();
        assertThat(pages().subList(3, 5)).allMatch(question -> question.endsWith(" 304"));

        // a webhook changed the record; then the forge's unchanged list is a difference
        var stale = at.offer(7).at(at.commit("gone again").hex());
        at.told(at.offered(at.show(stale)));
        var back = at.show(stale.at(at.commit("newest").hex()));
        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).contains(row(back)).hasSize(60);
        assertThat(at.sweep()).isZero();
    }

    @ParameterizedTest
    @EnumSource(ForgeKind.class)
    void aRateLimitInTheMiddleLosesNothing(ForgeKind kind) throws Exception {
        as(kind);
        at.sweep();
        LongStream.rangeClosed(1, 120).forEach(at::offer);
        at.forge.allowance(1, at.clock.instant().plus(Duration.ofHours(1)));

        assertThat(at.sweep()).as("what could be read is acted upon").isEqualTo(50);
        assertThat(at.sweeps.of(SweepFixture.WIDGET).changes().problem()).isNotEmpty();
        int asked = at.forge.asked().size();
        var pushed = at.push("main");
        assertThat(at.sweep()).as("git has no part in that limit").isEqualTo(1);
        assertThat(at.waiting()).contains("refs/heads/main " + pushed);
        assertThat(at.forge.asked()).as("asked before the time").hasSize(asked);

        at.forge.allowance(5_000, at.clock.instant());
        at.clock.move(Duration.ofHours(1));
        assertThat(at.sweeper.runOnce()).isEqualTo(70);
        assertThat(at.forge.asked().get(asked)).contains("page=2");
        assertThat(at.sweeps.of(SweepFixture.WIDGET).problem()).isEmpty();
        assertThat(at.sweep()).isZero();
        assertThat(at.waiting()).hasSize(121);
    }

    @Test
    void aForksBranchCalledMainAndAnAgitPushClaimNoBranchOfOurs() throws Exception {
        at.sweep();
        var fork = at.show(at.offer(1).from(99, "main"));
        var gone = at.show(at.offer(2).from(0, "refs/pull/2/head"));
        var head = at.commit("by AGit").hex();
        var agit = at.show(HostedChange.inside(3, "main", head, "refs/pull/3/head"));
        var inside = at.offer(4);

        var page =
                (ChangesAnswer.Page)
                        new HttpChanges(at.forgeConfig("home"), at.clock)
                                .open(at.targets.getFirst().repository(), 1, "");

        assertThat(page.open())
                .extracting(ForgeEvent.ChangeOffered::headRef)
                .containsExactly("", "", "", "topic/4");
        assertThat(at.sweep()).isEqualTo(4);
        assertThat(at.waiting()).containsExactly(row(fork), row(gone), row(agit), row(inside));
    }

    @Test
    void draftsObeyTheConfigurationAsWebhooksDo() throws Exception {
        at.show(at.offer(1).asDraft(true));
        at.sweep();
        at.show(at.offer(2).asDraft(true));
        at.show(at.offer(3).titled("[WIP] not yet"));

        assertThat(at.sweep()).isZero();
        var ready = at.show(at.offer(2));
        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly(row(ready));
        at.testDrafts();
        assertThat(at.sweep()).as("1 and 3").isEqualTo(2);
    }

    @Test
    void aTitleThatAsksToSkipIsAsSilentAsByWebhook() throws Exception {
        at.sweep();
        var skipped = at.show(at.offer(1).titled("typo [skip ci]"));

        assertThat(at.sweep()).isZero();
        assertThat(at.told(at.offered(skipped))).isInstanceOf(DeliveryOutcome.NothingToDo.class);
    }

    @Test
    void aNewTargetIsANewRequest() throws Exception {
        var change = at.offer(1);
        at.sweep();
        at.show(change.onto("stable"));

        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.rows("SELECT target FROM request")).containsExactly("stable");
    }

    @Test
    void whatIsClosedIsAskedForByItsNumberBeforeItIsForgotten() throws Exception {
        at.sweep();
        var change = at.offer(1);
        at.offer(2);
        at.sweep();
        at.show(change.closed());

        at.sweep();
        assertThat(at.forge.asked()).anyMatch(question -> question.contains("/pulls/1 200"));
        assertThat(at.waiting()).singleElement().asString().startsWith("2 ");
        at.show(change);
        assertThat(at.sweep()).as("reopened").isEqualTo(1);
    }

    @Test
    void aRenamedRepositoryIsFollowedByItsId() throws Exception {
        at.sweep();
        var change = at.offer(1);
        at.forge.rename(7, "alice/gadget");

        assertThat(at.sweep()).isEqualTo(1);
        assertThat(at.waiting()).containsExactly(row(change));
    }

    @Test
    void anotherRepositoryUnderTheOldNameClosesAndOpensNothing(@TempDir Path other)
            throws Exception {
        at.sweep();
        at.offer(1);
        at.sweep();
        at.forge.rename(7, "alice/gadget");
        at.forge.host(8, "alice/widget", other.resolve("impostor.git"), false);

        assertThat(at.sweep()).isZero();
        assertThat(at.waiting()).hasSize(1);
        assertThat(at.rows("SELECT subject FROM tip WHERE kind = 'change'")).containsExactly("1");
    }

    @Test
    void aLimitThatTheSweepMeetsHoldsForStatusesToo() throws Exception {
        at.sweep();
        at.forge.allowance(0, at.clock.instant().plus(Duration.ofHours(1)));
        at.sweep();

        assertThat(at.rows("SELECT forge FROM forge_pause")).containsExactly("home");
    }
}
