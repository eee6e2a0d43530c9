package airlock.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.Subject;
import airlock.forge.ApiFailure;
import airlock.forge.ChangeLister;
import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.forge.ForgeRepository;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Forges that give endless lists or wrong kinds of answers.
final class LyingForgeTest {
    private SweepFixture at;
    private final AtomicInteger asked = new AtomicInteger();

    @BeforeEach
    void start(@TempDir Path directory) {
        at = new SweepFixture(directory);
        at.push("main");
    }

    @AfterEach
    void stop() {
        at.close();
    }

    private void sweep(IntFunction<ChangesAnswer> pages) throws InterruptedException {
        at.sweeper = at.sweeper(at.fetcher, Map.of("home", new Lying(pages, asked)));
        at.sweep();
    }

    private record Lying(IntFunction<ChangesAnswer> pages, AtomicInteger asked)
            implements ChangeLister {
        @Override
        public ChangesAnswer open(ForgeRepository repository, int page, String etag) {
            asked.incrementAndGet();
            return pages.apply(page);
        }

        @Override
        public ChangesAnswer one(ForgeRepository repository, long number) {
            asked.incrementAndGet();
            return new ApiFailure.Renamed("alice/again-" + number);
        }

        @Override
        public ChangesAnswer check(ForgeRepository repository) {
            return new ChangesAnswer.SameRepository();
        }
    }

    private static ChangesAnswer page(boolean more, long... numbers) {
        return new ChangesAnswer.Page(
                java.util.Arrays.stream(numbers)
                        .mapToObj(
                                number ->
                                        new ForgeEvent.ChangeOffered(
                                                SweepFixture.WIDGET,
                                                new Subject.Change(number, "main"),
                                                CommitId.NONE,
                                                new CommitId("%040x".formatted(number)),
                                                "",
                                                CommitSummary.NONE,
                                                false,
                                                false))
                        .toList(),
                more,
                "",
                Optional.empty());
    }

    private String problem() {
        return at.sweeps.of(SweepFixture.WIDGET).changes().problem();
    }

    @Test
    void pagesWithoutEndAreBounded() throws Exception {
        sweep(number -> page(true, number));

        assertThat(asked).hasValue(200);
        assertThat(problem()).contains("does not end");
    }

    @Test
    void aPageThatComesAgainAndAgainIsNotAskedForAThirdTime() throws Exception {
        sweep(_ -> page(true, 1, 2));

        assertThat(asked).hasValue(2);
        assertThat(problem()).contains("does not end");
    }

    @Test
    void aSameWithoutAnEarlierAnswerIsNoAnswer() throws Exception {
        sweep(_ -> new ChangesAnswer.Same(Optional.empty()));

        assertThat(problem()).contains("another question");
    }

    @Test
    void newNamesWithoutEndCloseNothing() throws Exception {
        sweep(_ -> page(false, 1, 2));
        asked.set(0);
        sweep(_ -> page(false, 1));

        assertThat(asked).hasValue(1 + 3);
        assertThat(problem()).contains("a new name");
        assertThat(at.rows("SELECT subject FROM tip WHERE kind = 'change'")).hasSize(2);
    }

    @Test
    void aFaultIsTriedLessAndLessOften() throws Exception {
        sweep(_ -> new ApiFailure.Retry(Duration.ZERO, "no", false));
        for (int minute = 0; minute < 24 * 60; minute++) {
            at.clock.move(Duration.ofMinutes(1));
            at.sweeper.runOnce();
        }

        assertThat(asked.get()).as("in a day").isBetween(24, 32);
    }

    @Test
    void aClockThatIsSetBackADayStopsNoSweep() throws Exception {
        at.sweep();
        var missed = at.push("main");
        at.clock.move(Duration.ofDays(-1));

        assertThat(at.sweeper.runOnce()).isEqualTo(1);
        assertThat(at.waiting()).isEqualTo(List.of("refs/heads/main " + missed));
    }
}
