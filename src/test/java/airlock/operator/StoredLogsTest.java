package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.StoredRuns;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.Verdict;
import airlock.queue.ClaimedRun;
import airlock.results.LogChunk;
import airlock.results.LogSource;
import airlock.results.StepKey;
import airlock.results.StoredLogs;
import airlock.web.LogSourceContract;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Log files and rows, as the pages read them.
class StoredLogsTest extends LogSourceContract {
    private final StoredRuns stored;
    private final Map<RunId, ClaimedRun> claimed = new HashMap<>();

    StoredLogsTest(@TempDir Path folder) {
        this.stored = new StoredRuns(folder);
    }

    @AfterEach
    void close() {
        stored.close();
    }

    @Override
    protected LogSource logs() {
        return new StoredLogs(stored.logs, stored.views);
    }

    @Override
    protected RunId run() {
        var run = stored.running();
        claimed.put(run.id(), run);
        return run.id();
    }

    @Override
    protected void append(RunId run, StepKey step, int stream, String text) {
        stored.write(run, step.phase(), step.step(), stream, text);
    }

    @Override
    protected void complete(RunId run) {
        stored.current().end(Objects.requireNonNull(claimed.get(run)), Verdict.PASSED, "");
    }

    @Test
    void aFrameBelongsToTheLastStartOfItsPhaseAndCountsFromIt() {
        var run = stored.running();
        stored.records.begun(StoredRuns.key(run, Phase.PLAN), "kvm", List.of());
        stored.pass(Duration.ofSeconds(2));
        stored.write(run.id(), Phase.PLAN, 0, 1, "first");
        stored.crash();
        stored.pass(Duration.ofSeconds(60));
        var again = stored.claim();
        stored.records.begun(StoredRuns.key(again, Phase.PLAN), "kvm", List.of());
        stored.pass(Duration.ofMillis(250));
        stored.write(run.id(), Phase.PLAN, 0, 1, "second");
        stored.write(run.id(), Phase.POST_PLAN, -1, 0, "never begun");
        var log = logs().open(run.id()).orElseThrow();
        assertThat(log.read(0, 1000))
                .extracting(StoredLogsTest::told)
                .containsExactly(
                        "plan-1-0 2000 ms first",
                        "plan-2-0 250 ms second",
                        "post_plan-1-notes 0 ms never begun");
    }

    private static String told(LogChunk chunk) {
        return chunk.step().id()
                + " "
                + chunk.at().toMillis()
                + " ms "
                + new String(chunk.text(), StandardCharsets.UTF_8);
    }
}
