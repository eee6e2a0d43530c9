package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.results.RunQuery;
import airlock.results.StoredViews;
import airlock.results.SubjectFilter;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Requests that ended without a run, page by page.
class RequestsWithoutRunsTest {
    private static final Set<RepositoryId> OURS = Set.of(StoredRuns.REPOSITORY);

    private final StoredRuns stored;
    private final StoredViews views;

    RequestsWithoutRunsTest(@TempDir Path folder) {
        this.stored = new StoredRuns(folder);
        this.views = stored.views;
    }

    @AfterEach
    void close() {
        stored.close();
    }

    private RequestId withoutRun(String branch) {
        var request = stored.push(branch);
        stored.plan();
        return request;
    }

    @Test
    void requestsThatEndedWithoutARunStandBesideTheRunsThatCameWhenTheyDid() {
        var first = withoutRun("main");
        stored.end(stored.running());
        var second = withoutRun("other");
        stored.end(stored.running());
        var third = withoutRun("main");
        var all = new RunQuery(OURS, SubjectFilter.ANY, "", 1);
        var newest = views.runs(all);
        var older = new RunQuery(OURS, SubjectFilter.ANY, newest.oldest(), 1);
        var oldest = views.runs(older);
        var main = new RunQuery(OURS, SubjectFilter.of("main").orElseThrow(), "", 9);

        assertThat(views.withoutRun(all, newest.oldest()))
                .extracting(r -> r.id())
                .containsExactly(third);
        assertThat(oldest.oldest()).isEmpty();
        assertThat(views.withoutRun(new RunQuery(OURS, SubjectFilter.ANY, older.before(), 9), ""))
                .extracting(r -> r.id())
                .containsExactly(second, first);
        assertThat(views.withoutRun(new RunQuery(OURS, SubjectFilter.ANY, second.text(), 9), ""))
                .extracting(r -> r.id())
                .containsExactly(first);
        assertThat(views.withoutRun(main, ""))
                .extracting(r -> r.id())
                .containsExactly(third, first);
        assertThat(views.withoutRun(new RunQuery(Set.of(), SubjectFilter.ANY, "", 9), ""))
                .isEmpty();
    }
}
