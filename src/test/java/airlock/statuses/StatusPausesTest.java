package airlock.statuses;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.Verdict;
import airlock.house.MemoryFolder;
import airlock.statuses.ScriptedForge.Fault;
import airlock.statuses.StatusPauses.StatusPause;
import airlock.statuses.StatusViews.OutboxRow.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Refused statuses wait and arrive once the cause is gone, whatever people do.
final class StatusPausesTest {
    private static final String MAIN = "airlock/main";
    private static final String OTHER = "airlock/other";

    @TempDir(factory = MemoryFolder.class)
    private Path folder;

    private SenderFixture airlock;
    private ScriptedForge forge;

    @BeforeEach
    void start() {
        airlock = new SenderFixture(folder, "codeberg", "home");
        forge = airlock.forge();
    }

    @AfterEach
    void close() {
        airlock.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void whatIsRefusedForAWeekendArrivesOnceTheCauseIsGone(int status) {
        forge.otherwise(() -> new Fault.Refused(status));
        var requests =
                List.of(airlock.life(MAIN, Verdict.PASSED), airlock.life(OTHER, Verdict.FAILED));
        int tried = 0;
        for (int minute = 0; minute < 3 * 24 * 60; minute += 5) {
            tried += airlock.sender.runOnce();
            airlock.clock.move(Duration.ofMinutes(5));
        }
        assertThat(tried).as("one an hour, more often at first").isBetween(3 * 24, 3 * 24 + 8);
        assertThat(airlock.outbox.undelivered()).isEqualTo(new Outbox.Undelivered(0, 6, 0));

        forge.otherwise(Fault.None::new);
        airlock.clock.move(Duration.ofHours(1));
        assertThat(airlock.sender.runOnce()).isEqualTo(6);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(forge.states(OTHER)).containsExactly("pending", "pending", "failure");
        assertThat(requests)
                .allSatisfy(r -> assertThat(airlock.outcomes(r)).containsOnly(Outcome.SENT));
        assertThat(airlock.outbox.pauses().all()).isEmpty();
        assertThat(airlock.outbox.undelivered()).isEqualTo(new Outbox.Undelivered(0, 0, 0));
    }

    @Test
    void aRefusedTokenHoldsUpItsForgeAndNoOther() {
        var home = airlock.forge("home");
        forge.otherwise(() -> new Fault.Refused(401));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.life(OTHER, Verdict.PASSED);
        airlock.life(home.repository, SenderFixture.COMMIT, MAIN, Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).isEqualTo(1 + 3);
        assertThat(forge.requests()).isEqualTo(1);
        assertThat(home.states(MAIN)).hasSize(3);
        var pause = airlock.outbox.pauses().all().getFirst();
        assertThat(pause.forge()).isEqualTo("codeberg");
        assertThat(pause.repository()).isEmpty();
        assertThat(pause.since()).isEqualTo(airlock.clock.instant());
        assertThat(pause.until()).isEqualTo(airlock.clock.instant().plusSeconds(60));
        assertThat(pause.cure()).contains("`token` of forge 'codeberg'");
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404})
    void aRefusedRepositoryHoldsUpNoOtherOfTheForge(int status) {
        var other = forge.another("alice/gadget", 8);
        forge.refuse("alice/widget", status);
        airlock.life(MAIN, Verdict.PASSED);
        airlock.life(other, SenderFixture.COMMIT, MAIN, Verdict.PASSED);
        airlock.life(OTHER, Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).isEqualTo(1 + 3);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(airlock.outbox.pauses().all())
                .extracting(StatusPause::repository)
                .containsExactly(Optional.of(forge.repository));

        airlock.life("airlock/later", Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).as("what comes meanwhile waits, too").isZero();
        forge.refuse("alice/widget", 0);
        airlock.clock.move(Duration.ofMinutes(1));
        assertThat(airlock.sender.runOnce()).isEqualTo(9);
        assertThat(forge.states("airlock/later")).containsExactly("pending", "pending", "success");
    }

    @Test
    void aPauseOutlivesTheServerAndEndsWithANewToken() {
        forge.otherwise(() -> new Fault.Refused(401));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        airlock.restart();
        assertThat(airlock.sender.runOnce()).as("the same token").isZero();
        assertThat(airlock.outbox.pauses().all()).hasSize(1);

        forge.token("another-token");
        airlock.restart();
        assertThat(airlock.sender.runOnce()).isEqualTo(1);
        forge.token("a-good-token");
        forge.otherwise(Fault.None::new);
        airlock.restart();
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
    }

    @Test
    void theStatusesOfAPausedRepositoryGoOnWithANewToken() {
        forge.otherwise(() -> new Fault.Refused(403));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        forge.otherwise(Fault.None::new);
        forge.token("a-good-token");
        airlock.restart();
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
    }

    @Test
    void onlyOneStatusIsTriedToSeeWhetherAPauseIsOver() {
        forge.otherwise(() -> new Fault.Refused(404));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.life(OTHER, Verdict.PASSED);
        airlock.sender.runOnce();
        for (int hours = 1; hours < 9; hours++) {
            airlock.clock.move(Duration.ofHours(1));
            assertThat(airlock.sender.runOnce()).isEqualTo(1);
        }
    }

    @Test
    void aStatusThatIsUnclearLeavesThePauseAndIsTriedAgain() {
        forge.next(new Fault.Refused(403), new Fault.Unanswered());
        var request = airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        airlock.clock.move(Duration.ofMinutes(1));
        assertThat(airlock.sender.runOnce()).isEqualTo(1);
        assertThat(airlock.outbox.pauses().all()).hasSize(1);
        airlock.drain();
        assertThat(airlock.outcomes(request)).containsOnly(Outcome.SENT);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(airlock.outbox.pauses().all()).isEmpty();
    }

    @Test
    void aServerThatDiesWhileItTriesGoesOnWithThePause() {
        forge.otherwise(() -> new Fault.Refused(403));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        airlock.sql("UPDATE status_outbox SET outcome = 'sending' WHERE seq = 1");
        airlock.restart();
        forge.otherwise(Fault.None::new);
        airlock.clock.move(Duration.ofMinutes(5));
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
    }

    @Test
    void aPauseThatWasNotedByAClockThatWasAheadDoesNotHold() {
        airlock.clock.move(Duration.ofDays(30));
        forge.next(new Fault.Refused(401));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        airlock.clock.move(Duration.ofDays(-30));
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
    }

    @Test
    void aPauseOfARepositoryThatIsNotConfiguredAnyMoreEnds() {
        var gone = new RepositoryId("codeberg", "99");
        forge.next(new Fault.Refused(403));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        airlock.sql("UPDATE status_outbox SET repository = '" + gone + "'");
        airlock.sql("UPDATE status_pause SET repository = '" + gone + "'");
        airlock.clock.move(Duration.ofHours(2));
        airlock.drain();
        airlock.clock.move(Duration.ofHours(2));
        airlock.sender.runOnce();
        assertThat(airlock.outbox.pauses().all()).isEmpty();
    }

    @Test
    void aPauseIsShownOnEachStatusThatWaitsForIt() {
        forge.next(new Fault.Refused(401));
        var request = airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        assertThat(airlock.outbox.of(request))
                .hasSize(3)
                .allSatisfy(
                        row ->
                                assertThat(row.delivery())
                                        .startsWith(
                                                "waits to be sent: forge 'codeberg' answered 401")
                                        .contains("put a valid token"));
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403})
    void theOperatorCanTryAgainAtOnce(int status) {
        forge.next(new Fault.Refused(status));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        assertThat(airlock.sender.runOnce()).isZero();
        assertThat(airlock.outbox.pauses().retry(Optional.of(forge.repository)))
                .isEqualTo(new StatusPauses.Retried(1, 0, 0));
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
    }

    @Test
    void theOperatorCanTryAgainWhatWasGivenUpAndIsTheNewestOfItsContext() {
        forge.next(new Fault.Refused(422), new Fault.None(), new Fault.Refused(422));
        var request = airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        assertThat(airlock.outcomes(request))
                .containsExactly(Outcome.GIVEN_UP, Outcome.SENT, Outcome.GIVEN_UP);
        assertThat(airlock.outbox.undelivered().givenUp()).isEqualTo(2);
        assertThat(airlock.outbox.pauses().retry(Optional.empty()))
                .isEqualTo(new StatusPauses.Retried(0, 0, 1));
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending", "success");
        airlock.clock.move(Duration.ofDays(1));
        assertThat(airlock.outbox.undelivered())
                .as("so that an alarm ends by itself")
                .isEqualTo(new Outbox.Undelivered(0, 0, 0));
    }

    @Test
    void aCommitThatTheForgeDoesNotHaveEndsItsStatusesAndNoOthers() {
        var missing = new CommitId("cd".repeat(20));
        forge.lacks(missing.hex());
        var lost = airlock.life(forge.repository, missing, MAIN, Verdict.PASSED);
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        assertThat(airlock.outcomes(lost)).containsOnly(Outcome.GIVEN_UP);
        assertThat(airlock.outbox.of(lost).getFirst().detail())
                .endsWith("has no commit " + missing);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(airlock.outbox.pauses().all()).isEmpty();
    }
}
