package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.results.LogChunk;
import airlock.results.LogSource;
import airlock.results.StepKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/// The contract of a [LogSource].
public abstract class LogSourceContract {
    private static final StepKey STEP = new StepKey(Phase.PLAN, 1, 0);

    /// The source under test.
    protected abstract LogSource logs();

    /// A run that has no log yet.
    protected abstract RunId run();

    /// Adds a chunk to a run's log.
    protected abstract void append(RunId run, StepKey step, int stream, String text);

    /// Ends a run's log.
    protected abstract void complete(RunId run);

    @Test
    void aRunWithoutLogHasNone() {
        assertThat(logs().open(run())).isEmpty();
    }

    @Test
    void chunksComeInOrderWithWhereAndWhatTheyAre() {
        var run = run();
        append(run, STEP, 1, "one");
        append(run, new StepKey(Phase.PLAN, 1, 1), 2, "two");
        var log = logs().open(run).orElseThrow();
        var chunks = log.read(0, 1000);
        assertThat(chunks).extracting(c -> text(c)).containsExactly("one", "two");
        assertThat(chunks).extracting(LogChunk::stream).containsExactly(1, 2);
        assertThat(chunks).extracting(c -> c.step().step()).containsExactly(0, 1);
        assertThat(chunks.getFirst().next()).isEqualTo(chunks.getLast().offset());
        assertThat(chunks.getLast().next()).isEqualTo(log.size());
    }

    @Test
    void readingGoesOnWhereItStopped() {
        var run = run();
        for (int i = 0; i < 20; i++) {
            append(run, STEP, 1, "chunk " + i + " ");
        }
        var log = logs().open(run).orElseThrow();
        var all = new ArrayList<String>();
        long at = 0;
        for (var some = log.read(at, 10); !some.isEmpty(); some = log.read(at, 10)) {
            assertThat(some).hasSizeLessThanOrEqualTo(2);
            some.forEach(chunk -> all.add(text(chunk)));
            at = some.getLast().next();
        }
        assertThat(all).hasSize(20).last().isEqualTo("chunk 19 ");
    }

    @Test
    void anyOffsetIsTakenAndMeansTheNextChunk() {
        var run = run();
        append(run, STEP, 1, "one");
        append(run, STEP, 1, "two");
        var log = logs().open(run).orElseThrow();
        var second = log.read(0, 1000).getLast();
        for (long offset = 1; offset <= second.offset(); offset++) {
            assertThat(log.read(offset, 1000)).extracting(c -> text(c)).containsExactly("two");
        }
        assertThat(log.read(second.offset() + 1, 1000)).isEmpty();
        assertThat(log.read(Long.MAX_VALUE, 1000)).isEmpty();
    }

    @Test
    void anOpenLogSeesWhatIsAddedAndItsEnd() throws InterruptedException {
        var run = run();
        append(run, STEP, 1, "one");
        var log = logs().open(run).orElseThrow();
        long at = log.size();
        assertThat(log.isComplete()).isFalse();
        log.awaitMore(at, Duration.ofMillis(1));
        append(run, STEP, 1, "two");
        log.awaitMore(at, Duration.ofSeconds(30));
        assertThat(log.read(at, 1000)).extracting(c -> text(c)).containsExactly("two");
        complete(run);
        log.awaitMore(log.size(), Duration.ofSeconds(30));
        assertThat(log.isComplete()).isTrue();
    }

    private static String text(LogChunk chunk) {
        return new String(chunk.text(), StandardCharsets.UTF_8);
    }
}
