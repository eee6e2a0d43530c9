package airlock.statuses;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.forge.StatusPoster.CommitState;
import airlock.statuses.Outbox.StatusText;
import airlock.statuses.StatusViews.OutboxRow;
import airlock.statuses.StatusViews.OutboxRow.Outcome;
import airlock.store.Database;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
    private static final CommitId COMMIT = new CommitId("ab".repeat(20));

    private final RequestId first = RequestId.random();
    private final RequestId second = RequestId.random();
    @TempDir Path folder;
    private Database database;
    private Outbox outbox;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("airlock.db"));
        outbox = new Outbox(database, InstantSource.fixed(NOW), URI.create("https://ci.example"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void eachStateIsToldAsT4sTableSays() {
        Map<State, StatusText> table =
                Map.of(
                        new State.Queued(),
                        told(CommitState.PENDING, "waiting for its turn"),
                        new State.Running(),
                        told(CommitState.PENDING, "running"),
                        ended(Verdict.PASSED, ""),
                        told(CommitState.SUCCESS, "passed"),
                        ended(Verdict.FAILED, "plan: step 2 exited with 1"),
                        told(CommitState.FAILURE, "failed: plan: step 2 exited with 1"),
                        ended(Verdict.TIMED_OUT, "plan took longer than 1 h"),
                        told(CommitState.FAILURE, "timed out: plan took longer than 1 h"),
                        ended(Verdict.INVALID_PLAN, ".airlock.yaml:3:5: unknown action"),
                        told(
                                CommitState.FAILURE,
                                "invalid plan: .airlock.yaml:3:5: unknown action"),
                        ended(Verdict.BROKE, "the host's disk is full"),
                        told(CommitState.ERROR, "broke: the host's disk is full"),
                        ended(Verdict.CANCELLED, "cancelled by root"),
                        told(CommitState.ERROR, "cancelled by root"),
                        ended(Verdict.SUPERSEDED, "superseded by 0123456789ab"),
                        told(CommitState.ERROR, "superseded by 0123456789ab"));
        table.forEach(
                (state, told) -> {
                    var request = RequestId.random();
                    tell(request, "airlock/" + request, TrustClass.LISTED, state);
                    assertThat(outbox.of(request))
                            .extracting(row -> told(row.state(), row.description()))
                            .as("%s", state)
                            .containsExactly(told);
                });
    }

    @Test
    void aReasonThatSaysTheVerdictIsNotToldTwice() {
        assertThat(StatusText.of(ended(Verdict.PASSED, "2 of 2 runs passed")).description())
                .isEqualTo("2 of 2 runs passed");
        assertThat(
                        StatusText.of(ended(Verdict.FAILED, "pre_plan: 3 tests failed here"))
                                .description())
                .isEqualTo("failed: pre_plan: 3 tests failed here");
    }

    @Test
    void everyVerdictIsFinalAtTheForgeAndOnlyPassedCountsAsSuccess() {
        for (var verdict : Verdict.values()) {
            var told = StatusText.of(ended(verdict, "because"));
            assertThat(told.state() == CommitState.SUCCESS)
                    .as("%s", verdict)
                    .isEqualTo(verdict == Verdict.PASSED);
            assertThat(told.state() == CommitState.ERROR)
                    .as("%s", verdict)
                    .isEqualTo(!verdict.isTheCommits());
            assertThat(told.description()).contains("because");
        }
    }

    @Test
    void aDescriptionIsOneLineOfBoundedLengthWithoutControlCharacters() {
        var told =
                StatusText.of(
                        ended(
                                Verdict.FAILED,
                                "a\u0000b\nc\u202ed\u2028e \ud800" + "😀".repeat(600)));
        assertThat(told.description()).startsWith("failed: a�b c�d�e �😀").endsWith("😀…");
        assertThat(told.description().codePoints().count()).isEqualTo(StatusText.LONGEST);
        assertThat(told.description().codePoints())
                .noneMatch(c -> c < 0x20 || c == 0x202e || c == 0x2028 || c == 0xd800);
    }

    @Test
    void aStatusLinksToItsRequestAndKeepsTheOrder() {
        var request = RequestId.random();
        tell(request, "airlock/main", TrustClass.INSIDE, new State.Queued());
        tell(request, "airlock/main", TrustClass.INSIDE, new State.Running());
        tell(request, "airlock/main", TrustClass.INSIDE, ended(Verdict.PASSED, ""));
        assertThat(outbox.of(request))
                .extracting(OutboxRow::description)
                .containsExactly("waiting for its turn", "running", "passed");
        assertThat(outbox.of(request))
                .allSatisfy(
                        row -> {
                            assertThat(row.outcome()).isEqualTo(Outcome.WAITING);
                            assertThat(row.commit()).isEqualTo(COMMIT);
                            assertThat(row.changed()).isEqualTo(NOW);
                        });
        assertThat(
                        database.<String>read(
                                handle ->
                                        handle.createQuery(
                                                        "SELECT DISTINCT target FROM status_outbox")
                                                .mapTo(String.class)
                                                .one()))
                .isEqualTo("https://ci.example/requests/" + request);
        assertThat(outbox.of(RequestId.random())).isEmpty();
    }

    @Test
    void aStatusIsLostTogetherWithTheChangeThatItTellsOf() {
        var request = RequestId.random();
        assertThatThrownBy(
                        () ->
                                database.write(
                                        handle -> {
                                            outbox.changed(
                                                    handle,
                                                    change(
                                                            request,
                                                            "airlock",
                                                            TrustClass.INSIDE,
                                                            new State.Queued()));
                                            throw new IllegalStateException("undone");
                                        }))
                .hasMessage("undone");
        assertThat(outbox.of(request)).isEmpty();
    }

    @Test
    void theRunOfHigherTrustOwnsTheContextFromItsFirstWordOn() {
        tell(first, "airlock/main/pr/main", TrustClass.OUTSIDE, new State.Running());
        tell(second, "airlock/main/pr/main", TrustClass.INSIDE, new State.Queued());
        tell(first, "airlock/main/pr/main", TrustClass.OUTSIDE, ended(Verdict.PASSED, ""));
        tell(second, "airlock/main/pr/main", TrustClass.INSIDE, ended(Verdict.FAILED, ""));
        assertThat(outcomes(first)).containsExactly(Outcome.WAITING, Outcome.WITHHELD);
        assertThat(outbox.of(first))
                .extracting(OutboxRow::delivery)
                .containsExactly(
                        "waits to be sent", "not sent: a run of higher trust owns this context");
        assertThat(outcomes(second)).containsExactly(Outcome.WAITING, Outcome.WAITING);
    }

    @Test
    void trustDecidesPerCommitAndContextOnly() {
        tell(first, "airlock/main", TrustClass.LISTED, ended(Verdict.PASSED, ""));
        tell(second, "airlock/other", TrustClass.OUTSIDE, new State.Queued());
        assertThat(outcomes(second)).containsExactly(Outcome.WAITING);
    }

    @Test
    void aLateEndOfAnOlderRequestDoesNotCoverANewerVerdict() {
        tell(first, "airlock/main", TrustClass.INSIDE, new State.Queued());
        tell(second, "airlock/main", TrustClass.INSIDE, new State.Queued());
        tell(second, "airlock/main", TrustClass.INSIDE, ended(Verdict.PASSED, ""));
        tell(first, "airlock/main", TrustClass.INSIDE, ended(Verdict.SUPERSEDED, ""));
        assertThat(outcomes(first)).containsExactly(Outcome.WAITING, Outcome.WITHHELD);
        assertThat(outbox.of(first).getLast().detail())
                .isEqualTo("a newer request has decided this context");
    }

    @Test
    void aRequestThatEndsWithoutAVerdictGivesTheWordBackToTheOneThatHadDecided() {
        tell(first, "airlock/main", TrustClass.LISTED, new State.Queued());
        tell(first, "airlock/main", TrustClass.LISTED, ended(Verdict.PASSED, ""));
        tell(second, "airlock/main", TrustClass.LISTED, new State.Queued());
        tell(second, "airlock/main", TrustClass.LISTED, ended(Verdict.SUPERSEDED, "by a push"));

        assertThat(outbox.of(second))
                .extracting(OutboxRow::outcome)
                .containsExactly(Outcome.WAITING, Outcome.WITHHELD);
        assertThat(outbox.of(first))
                .extracting(OutboxRow::state, OutboxRow::outcome)
                .endsWith(tuple(CommitState.SUCCESS, Outcome.WAITING))
                .hasSize(3);

        var broken = RequestId.random();
        tell(broken, "airlock/main", TrustClass.LISTED, ended(Verdict.BROKE, "a disk"));
        assertThat(outbox.of(broken))
                .extracting(OutboxRow::outcome)
                .containsExactly(Outcome.WAITING);
    }

    @Test
    void whatIsUnderWayElsewhereIsNoVerdictToGiveTheWordBackTo() {
        tell(first, "airlock/main", TrustClass.LISTED, new State.Running());
        tell(second, "airlock/main", TrustClass.LISTED, ended(Verdict.CANCELLED, "by root"));

        assertThat(outbox.of(second))
                .extracting(OutboxRow::outcome)
                .containsExactly(Outcome.WAITING);
        assertThat(outbox.of(first)).hasSize(1);
    }

    @Test
    void anOlderRequestSpeaksWhereTheNewerOneOnlyEndedInAnError() {
        tell(first, "airlock/main", TrustClass.INSIDE, new State.Running());
        tell(second, "airlock/main", TrustClass.INSIDE, new State.Queued());
        tell(second, "airlock/main", TrustClass.INSIDE, ended(Verdict.SUPERSEDED, ""));
        tell(first, "airlock/main", TrustClass.INSIDE, ended(Verdict.PASSED, ""));
        assertThat(outcomes(first)).containsExactly(Outcome.WAITING, Outcome.WAITING);
    }

    @Test
    void aRerunReplacesTheVerdictOfTheFirstRun() {
        tell(first, "airlock/main", TrustClass.INSIDE, new State.Queued());
        tell(first, "airlock/main", TrustClass.INSIDE, ended(Verdict.FAILED, ""));
        tell(second, "airlock/main", TrustClass.INSIDE, new State.Queued());
        tell(second, "airlock/main", TrustClass.INSIDE, ended(Verdict.PASSED, ""));
        assertThat(outcomes(second)).containsExactly(Outcome.WAITING, Outcome.WAITING);
    }

    private List<Outcome> outcomes(RequestId request) {
        return outbox.of(request).stream().map(OutboxRow::outcome).toList();
    }

    private static StatusText told(CommitState state, String description) {
        return new StatusText(state, description);
    }

    private static State ended(Verdict verdict, String reason) {
        return new State.Ended(verdict, reason);
    }

    private static StateChange change(
            RequestId request, String context, TrustClass trust, State state) {
        return new StateChange(
                new RepositoryId("codeberg", "7"),
                new Subject.Branch("refs/heads/main"),
                COMMIT,
                request,
                context,
                trust,
                state);
    }

    private void tell(RequestId request, String context, TrustClass trust, State state) {
        database.write(
                handle -> {
                    outbox.changed(handle, change(request, context, trust, state));
                    return true;
                });
    }
}
