package airlock.queue;

import static airlock.queue.QueueFixture.commit;
import static airlock.queue.QueueFixture.push;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.RunId;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.Planning.NewRun;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class PlanTextsTest extends QueueContract {
    private static NewRun cell(String cell, String text) {
        return NewRun.own(
                "main",
                cell,
                ".airlock.yaml",
                text.getBytes(StandardCharsets.UTF_8),
                "/tars/x.tar");
    }

    private void plan(String branch, List<NewRun> runs) {
        queue.requested(push(branch, CommitId.NONE, commit('a')));
        var request = claim();
        assertThat(queue.planning.planned(request, TrustClass.LISTED, request.commit(), runs))
                .isTrue();
    }

    private RunId runOnce(String text) {
        var run = server.claimRun().orElseThrow();
        assertThat(run.plan().text()).asString(StandardCharsets.UTF_8).isEqualTo(text);
        assertThat(server.end(run, Verdict.PASSED, "")).isTrue();
        return run.id();
    }

    private List<String> kept() {
        return database.read(
                handle ->
                        handle.createQuery("SELECT CAST(text AS TEXT) FROM plan_text ORDER BY id")
                                .mapTo(String.class)
                                .list());
    }

    private long bytesInRuns() {
        return database.read(
                handle ->
                        handle.createQuery(
                                        "SELECT SUM(LENGTH(plan_text) +"
                                                + " COALESCE(LENGTH(target_text), 0)) FROM run")
                                .mapTo(Long.class)
                                .one());
    }

    @Test
    void allCellsOfAPlanShareOneText() {
        plan("a", IntStream.range(0, 64).mapToObj(i -> cell("v=" + i, "plan: []")).toList());
        plan("b", List.of(cell("", "plan: []")));
        assertThat(kept()).containsExactly("plan: []");
        assertThat(bytesInRuns()).isZero();
        runOnce("plan: []");
    }

    @Test
    void aTextStaysAsLongAsAnOpenRunNeedsItAndGoesWhenNoneHasForThirtyDays() {
        plan("a", List.of(cell("", "plan: [old]")));
        queue.pass(PlanTexts.AGE.plus(Duration.ofDays(1)));
        plan("b", List.of(cell("", "plan: [new]")));
        assertThat(kept()).containsExactly("plan: [old]", "plan: [new]");

        var old = runOnce("plan: [old]");
        runOnce("plan: [new]");
        assertThat(Claims.ended(database, old).orElseThrow().hasPlan()).isTrue();
        plan("c", List.of(cell("", "plan: [newer]")));
        assertThat(kept()).containsExactly("plan: [new]", "plan: [newer]");
        assertThat(Claims.ended(database, old).orElseThrow().hasPlan()).isFalse();
    }

    @Test
    void anOpenRunOfAnOlderVersionStillHasItsText() {
        plan("a", List.of(cell("", "plan: []")));
        database.write(
                handle ->
                        handle.execute(
                                "UPDATE run SET plan_text = CAST('plan: [x]' AS BLOB), plan_text_id"
                                        + " = NULL"));
        runOnce("plan: [x]");
    }
}
