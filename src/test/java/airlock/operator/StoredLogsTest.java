package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.StoredRuns;
import airlock.event.Phase;
import airlock.event.Verdict;
import airlock.queue.ClaimedRun;
import airlock.results.StoredLogs;
import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Log files and rows, as the pages read them.
class StoredLogsTest {
    private final StoredRuns stored;
    private final ClaimedRun run;

    StoredLogsTest(@TempDir Path folder) {
        this.stored = new StoredRuns(folder);
        this.run = stored.running();
    }

    @AfterEach
    void close() {
        stored.close();
    }

    private OpenLog log() {
        return new StoredLogs(stored.logs, stored.views).open(run.id());
    }

    private void write(int step, int stream, String text) {
        stored.write(run.id(), Phase.PLAN, step, stream, text);
    }

    @Test
    void chunksComeInOrderWithWhereAndWhatTheyAre() {
        assertThat(log().size()).isZero();
        write(0, 1, "one");
        write(1, 2, "two");
        var chunks = log().read(0, 1000);
        assertThat(chunks)
                .extracting(c -> c.step().step() + " " + c.stream() + " " + text(c))
                .containsExactly("0 1 one", "1 2 two");
        assertThat(chunks.getFirst().next()).isEqualTo(chunks.getLast().offset());
        assertThat(chunks.getLast().next()).isEqualTo(log().size());
    }

    @Test
    void readingGoesOnWhereItStopped() {
        for (int i = 0; i < 20; i++) {
            write(0, 1, "chunk " + i + " ");
        }
        var all = new ArrayList<String>();
        long at = 0;
        for (var some = log().read(at, 10); !some.isEmpty(); some = log().read(at, 10)) {
            assertThat(some).hasSizeLessThanOrEqualTo(2);
            some.forEach(chunk -> all.add(text(chunk)));
            at = some.getLast().next();
        }
        assertThat(all).hasSize(20).last().isEqualTo("chunk 19 ");
        assertThat(log().from(0)).extracting(StoredLogsTest::text).isEqualTo(all);
    }

    @Test
    void anyOffsetIsTakenAndMeansTheNextChunk() {
        write(0, 1, "one");
        write(0, 1, "two");
        var log = log();
        var second = log.read(0, 1000).getLast();
        for (long offset = 1; offset <= second.offset(); offset++) {
            assertThat(log.read(offset, 1000)).extracting(c -> text(c)).containsExactly("two");
        }
        assertThat(log.read(second.offset() + 1, 1000)).isEmpty();
        assertThat(log.read(Long.MAX_VALUE, 1000)).isEmpty();
    }

    @Test
    void anOpenLogSeesWhatIsAddedAndItsEnd() throws InterruptedException {
        var log = log();
        assertThat(log.isComplete()).isFalse();
        log.awaitMore(0, Duration.ofMillis(1));
        write(0, 1, "one");
        log.awaitMore(0, Duration.ofSeconds(30));
        assertThat(log.read(0, 1000)).extracting(c -> text(c)).containsExactly("one");
        stored.current().end(run, Verdict.PASSED, "");
        log.awaitMore(log.size(), Duration.ofSeconds(30));
        assertThat(log.isComplete()).isTrue();
    }

    @Test
    void aFrameBelongsToTheLastStartOfItsPhaseAndCountsFromIt() {
        stored.records.begun(StoredRuns.key(run, Phase.PLAN), "kvm", List.of());
        stored.pass(Duration.ofSeconds(2));
        write(0, 1, "first");
        stored.crash();
        stored.pass(Duration.ofSeconds(60));
        var again = stored.claim();
        stored.records.begun(StoredRuns.key(again, Phase.PLAN), "kvm", List.of());
        stored.pass(Duration.ofMillis(250));
        write(0, 1, "second");
        stored.write(run.id(), Phase.POST_PLAN, -1, 0, "never begun");
        assertThat(log().read(0, 1000))
                .extracting(c -> c.step().id() + " " + c.at().toMillis() + " ms " + text(c))
                .containsExactly(
                        "plan-1-0 2000 ms first",
                        "plan-2-0 250 ms second",
                        "post_plan-1-notes 0 ms never begun");
    }

    private static String text(LogChunk chunk) {
        return new String(chunk.text(), StandardCharsets.UTF_8);
    }
}
