package airlock.statuses;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.statuses.ForgeSender.Backoff;
import airlock.statuses.ScriptedForge.Fault;
import airlock.statuses.StatusViews.OutboxRow;
import airlock.statuses.StatusViews.OutboxRow.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StatusSenderTest {
    private static final String MAIN = "airlock/main";

    @TempDir Path folder;
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

    @Test
    void theForgeHearsEachStateOnceAndInOrderWithALinkToTheRequest() {
        var request = airlock.life(MAIN, Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
        assertThat(forge.taken())
                .containsExactly(
                        taken("pending", "waiting for its turn", request),
                        taken("pending", "running", request),
                        taken("success", "passed", request));
        assertThat(airlock.outcomes(request)).containsOnly(Outcome.SENT);
        assertThat(airlock.sender.runOnce()).isZero();
    }

    @Test
    void aTagObjectsStatusGoesToTheCommitThatTheChangeNames() {
        var other = new CommitId("cd".repeat(32));
        airlock.life(forge.repository, other, MAIN, Verdict.FAILED);
        airlock.drain();
        assertThat(forge.taken()).extracting(ScriptedForge.Taken::commit).containsOnly(other.hex());
    }

    @Test
    void whatFailsForNowIsTriedAgainAfterALittleMoreEachTime() {
        forge.next(new Fault.Refused(502), new Fault.Refused(503), new Fault.Refused(504));
        airlock.life(MAIN, Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).isEqualTo(1);
        assertThat(airlock.sender.runOnce()).isZero();
        for (int seconds : List.of(1, 2)) {
            airlock.clock.move(Duration.ofSeconds(seconds).minusMillis(1));
            assertThat(airlock.sender.runOnce()).isZero();
            airlock.clock.move(Duration.ofMillis(1));
            assertThat(airlock.sender.runOnce()).isEqualTo(1);
        }
        assertThat(forge.taken()).isEmpty();
        airlock.clock.move(Duration.ofSeconds(4));
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(forge.asked).as("it is known that nothing arrived").hasValue(0);
    }

    @Test
    void whatIsToldWhileItsContextWaitsGoesOutRightBehindWhatWaited() {
        var request = RequestId.random();
        forge.next(new Fault.Refused(503));
        airlock.tell(forge.repository, SenderFixture.COMMIT, request, MAIN, new State.Queued());
        assertThat(airlock.sender.runOnce()).isEqualTo(1);
        airlock.tell(forge.repository, SenderFixture.COMMIT, request, MAIN, new State.Running());
        assertThat(airlock.sender.runOnce()).isZero();
        airlock.restart();
        airlock.clock.move(Duration.ofSeconds(1));
        assertThat(airlock.sender.runOnce()).isEqualTo(2);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending");
    }

    @Test
    void anotherContextGoesOnWhileOneWaits() {
        forge.next(new Fault.Refused(503));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.life("airlock/other", Verdict.FAILED);
        airlock.sender.runOnce();
        assertThat(forge.states(MAIN)).isEmpty();
        assertThat(forge.states("airlock/other")).containsExactly("pending", "pending", "failure");
    }

    @Test
    void retryAfterPausesThatForgeAndNoOther() {
        var home = airlock.forge("home");
        forge.next(new Fault.Refused(429, "Retry-After: 90"));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.life("airlock/other", Verdict.PASSED);
        airlock.life(home.repository, SenderFixture.COMMIT, MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        assertThat(forge.requests()).as("nothing more is sent to it").isEqualTo(1);
        assertThat(home.states(MAIN)).containsExactly("pending", "pending", "success");
        airlock.clock.move(Duration.ofSeconds(89));
        assertThat(airlock.sender.runOnce()).isZero();
        airlock.clock.move(Duration.ofSeconds(1));
        assertThat(airlock.sender.runOnce()).isEqualTo(6);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
    }

    @Test
    void aPauseOutlivesTheServer() {
        forge.next(new Fault.Refused(403, "x-ratelimit-remaining: 0", reset(3_600)));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        airlock.restart();
        airlock.life("airlock/later", Verdict.PASSED);
        airlock.clock.move(Duration.ofSeconds(3_599));
        assertThat(airlock.sender.runOnce()).isZero();
        airlock.clock.move(Duration.ofSeconds(1));
        assertThat(airlock.sender.runOnce()).isEqualTo(6);
    }

    @Test
    void aPauseThatWasNotedByAClockThatWasAheadDoesNotHold() {
        airlock.clock.move(Duration.ofDays(30));
        forge.next(new Fault.Refused(429, "Retry-After: 90"));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        airlock.clock.move(Duration.ofDays(-30));
        airlock.life("airlock/later", Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).isEqualTo(6);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(forge.states("airlock/later")).containsExactly("pending", "pending", "success");
    }

    @Test
    void whatTheForgeCanNotReadIsGivenUpAndTheNextStatusGoesOn() {
        forge.next(new Fault.Refused(422));
        var request = airlock.life(MAIN, Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
        assertThat(airlock.outcomes(request))
                .containsExactly(Outcome.GIVEN_UP, Outcome.SENT, Outcome.SENT);
        assertThat(airlock.outbox.of(request).getFirst().detail())
                .startsWith("forge 'codeberg' answered 422");
        assertThat(forge.states(MAIN)).containsExactly("pending", "success");
    }

    @Test
    void a500ThatGetsBetterIsForgiven() {
        forge.next(new Fault.Refused(500), new Fault.Refused(500));
        airlock.life(MAIN, Verdict.PASSED);
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
    }

    @Test
    void a500ThatStaysOneIsGivenUpOnlyIfANewerStateWaitsForIt() {
        forge.otherwise(() -> new Fault.Refused(500));
        var request = airlock.life(MAIN, Verdict.PASSED);
        for (int i = 0; i < 200; i++) {
            airlock.sender.runOnce();
            airlock.clock.move(Duration.ofMinutes(1));
        }
        assertThat(airlock.outcomes(request))
                .containsExactly(Outcome.GIVEN_UP, Outcome.GIVEN_UP, Outcome.WAITING);
        assertThat(airlock.outbox.of(request).getFirst().detail())
                .startsWith("forge 'codeberg' answered 500")
                .endsWith(", " + ForgeSender.MOST_REFUSALS + " times");
        forge.otherwise(Fault.None::new);
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("success");
    }

    /// The forge refuses, breaks the connection before and after accepting a status, and asks to
    /// wait, in turn, with a new request each minute.
    @Test
    void afterAnHourOfTroubleEverythingHasArrivedInOrderAndOnce() {
        var faults =
                List.<Supplier<Fault>>of(
                        () -> new Fault.Refused(503),
                        Fault.Lost::new,
                        Fault.Unanswered::new,
                        () -> new Fault.Refused(429, "Retry-After: 60"));
        var requests = new ArrayList<RequestId>();
        var expected = new ArrayList<ScriptedForge.Taken>();
        for (int minute = 0; minute < 60; minute++) {
            forge.otherwise(faults.get(minute % faults.size()));
            var request = airlock.life(MAIN, Verdict.PASSED);
            requests.add(request);
            expected.add(taken("pending", "waiting for its turn", request));
            expected.add(taken("pending", "running", request));
            expected.add(taken("success", "passed", request));
            airlock.sender.runOnce();
            airlock.clock.move(Duration.ofMinutes(1));
        }
        assertThat(airlock.open()).as("not much got through").isGreaterThan(100);

        forge.otherwise(Fault.None::new);
        airlock.drain();

        assertThat(forge.taken()).isEqualTo(expected);
        assertThat(requests)
                .allSatisfy(r -> assertThat(airlock.outcomes(r)).containsOnly(Outcome.SENT));
    }

    @Test
    void aForgeThatIsAwayForWeeksIsAskedLessAndLessOftenAndGetsItsStatusesAtLast() {
        forge.otherwise(() -> new Fault.Refused(502));
        var request = RequestId.random();
        tell(request, new State.Running());
        int[] tried = new int[3];
        for (int week = 0; week < 3; week++) {
            for (int minute = 0; minute < 7 * 24 * 60; minute += 30) {
                tried[week] += airlock.sender.runOnce();
                airlock.clock.move(Duration.ofMinutes(30));
            }
        }
        assertThat(tried[0]).isGreaterThan(tried[1]).isLessThan(500);
        assertThat(tried[1]).isGreaterThan(tried[2]);
        assertThat(tried[2]).isGreaterThan(7 * 24 / 6 - 2);
        forge.otherwise(Fault.None::new);
        airlock.drain();
        assertThat(airlock.outcomes(request)).containsExactly(Outcome.SENT);
    }

    @Test
    void anUnansweredStatusThatArrivedIsNotPostedAgain() {
        forge.next(new Fault.Unanswered());
        var request = airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        assertThat(airlock.outcomes(request))
                .containsExactly(Outcome.UNDER_WAY, Outcome.WAITING, Outcome.WAITING);
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(forge.asked).hasValue(1);
    }

    static List<Fault> lost() {
        return List.of(new Fault.Lost(), new Fault.Silent());
    }

    @ParameterizedTest
    @MethodSource("lost")
    void anUnansweredStatusThatMayNotHaveArrivedIsAskedForAndPostedAgain(Fault fault) {
        forge.next(fault);
        airlock.life(MAIN, Verdict.PASSED);
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(forge.asked).hasValue(1);
    }

    @Test
    void whatArrivesLateDoesNotKeepCoveringTheLastState() {
        forge.next(new Fault.Underway());
        airlock.life(MAIN, Verdict.PASSED);
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        forge.arrive();
        assertThat(forge.states(MAIN).getLast()).isEqualTo("pending");
        airlock.clock.move(Duration.ofMinutes(2));
        airlock.drain();
        airlock.sender.runOnce();
        assertThat(forge.states(MAIN))
                .containsExactly("pending", "pending", "success", "pending", "success");
        airlock.clock.move(Duration.ofHours(1));
        assertThat(airlock.sender.runOnce()).as("it is looked at once").isZero();
    }

    @Test
    void aLastStateThatIsStillThereIsLeftAlone() {
        forge.next(new Fault.Lost());
        var request = airlock.life(MAIN, Verdict.PASSED);
        airlock.drain();
        airlock.clock.move(Duration.ofMinutes(2));
        assertThat(airlock.sender.runOnce()).isEqualTo(1);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(airlock.outcomes(request)).containsOnly(Outcome.SENT);
        airlock.clock.move(Duration.ofHours(1));
        assertThat(airlock.sender.runOnce()).isZero();
    }

    @Test
    void aRenamedRepositoryIsPostedToUnderItsNewNameFromThenOn() {
        forge.rename("acme/gadget");
        airlock.life(MAIN, Verdict.PASSED);
        assertThat(airlock.sender.runOnce()).isEqualTo(3);
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
        assertThat(forge.requests()).as("301, the name by id, three posts").isEqualTo(5);
        forge.rename("alice/widget");
        airlock.life("airlock/again", Verdict.PASSED);
        airlock.drain();
        assertThat(forge.states("airlock/again")).hasSize(3);
    }

    @Test
    void aRenamedRepositoryIsAskedUnderItsNewNameToo() {
        forge.next(new Fault.Unanswered());
        airlock.life(MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        forge.rename("acme/gadget");
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending", "pending", "success");
    }

    @Test
    void whatWasBeingSentWhenTheServerDiedIsAskedFor() {
        var arrived = RequestId.random();
        tell(arrived, new State.Running());
        airlock.sender.runOnce();
        assertThat(airlock.sql("UPDATE status_outbox SET outcome = 'sending'")).isEqualTo(1);
        airlock.restart();
        airlock.drain();
        assertThat(forge.states(MAIN)).containsExactly("pending");
        assertThat(forge.asked).hasValue(1);
        assertThat(airlock.outcomes(arrived)).containsExactly(Outcome.SENT);
    }

    @Test
    void aRepositoryOrForgeThatIsNotConfiguredAnyMoreIsGivenUp() {
        var gone = new RepositoryId("codeberg", "99");
        var request = airlock.life(gone, SenderFixture.COMMIT, MAIN, Verdict.PASSED);
        airlock.sender.runOnce();
        assertThat(airlock.outcomes(request)).containsOnly(Outcome.GIVEN_UP);
        var elsewhere = new RepositoryId("elsewhere", "7");
        request = airlock.life(elsewhere, SenderFixture.COMMIT, MAIN, Verdict.PASSED);
        airlock.restart();
        assertThat(airlock.outbox.of(request))
                .extracting(OutboxRow::detail)
                .containsOnly("the forge is not in the configuration any more");
    }

    private void tell(RequestId request, State state) {
        airlock.tell(forge.repository, SenderFixture.COMMIT, request, MAIN, state);
    }

    private String reset(int seconds) {
        return "x-ratelimit-reset: "
                + airlock.clock.instant().plusSeconds(seconds).getEpochSecond();
    }

    private static ScriptedForge.Taken taken(String state, String description, RequestId request) {
        return new ScriptedForge.Taken(
                SenderFixture.COMMIT.hex(),
                MAIN,
                state,
                description,
                "https://ci.example/requests/" + request);
    }

    @Test
    void noNumberOfAttemptsLeavesTheBounds() {
        var backoff = new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(5));
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            int attempts = random.nextInt();
            assertThat(backoff.after(attempts))
                    .as("%d", attempts)
                    .isBetween(Duration.ofSeconds(1), Duration.ofMinutes(5));
        }
    }
}
