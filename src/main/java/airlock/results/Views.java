package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.results.View.PhaseView;
import airlock.results.View.RequestView;
import airlock.results.View.RunView;
import airlock.results.View.StepView;
import airlock.store.Database;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// What people read about runs: lists, one run, one request. Reads only.
public final class Views {
    private static final String RUNS =
            """
            SELECT run.*, request.title, request.author FROM run JOIN request ON request.id = run.request
            """;

    private final Database database;

    public Views(Database database) {
        this.database = database;
    }

    /// The newest requests of `repositories`, newest first.
    ///
    /// @param before only those older than the one with this sequence number
    public List<RequestView> requests(Set<RepositoryId> repositories, long before, int most) {
        if (repositories.isEmpty()) {
            return List.of();
        }
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM request
                                        WHERE repository IN (<repositories>) AND seq < :before
                                        ORDER BY seq DESC LIMIT :most
                                        """)
                                .bindList(
                                        "repositories",
                                        repositories.stream().map(RepositoryId::toString).toList())
                                .bind("before", before)
                                .bind("most", most)
                                .map(ViewRows::request)
                                .list());
    }

    /// The newest runs of `repositories`, newest first.
    ///
    /// @param before only those older than the one with this sequence number
    public List<RunView> runs(Set<RepositoryId> repositories, long before, int most) {
        if (repositories.isEmpty()) {
            return List.of();
        }
        return database.read(
                handle ->
                        handle.createQuery(
                                        RUNS
                                                + """
                                                WHERE run.repository IN (<repositories>) AND run.seq < :before
                                                ORDER BY run.seq DESC LIMIT :most
                                                """)
                                .bindList(
                                        "repositories",
                                        repositories.stream().map(RepositoryId::toString).toList())
                                .bind("before", before)
                                .bind("most", most)
                                .map(ViewRows::run)
                                .list());
    }

    /// One request.
    public Optional<RequestView> request(RequestId id) {
        return database.read(
                handle ->
                        handle.createQuery("SELECT * FROM request WHERE id = :id")
                                .bind("id", id.text())
                                .map(ViewRows::request)
                                .findOne());
    }

    /// The runs of a request, in the order in which it made them.
    public List<RunView> runsOf(RequestId request) {
        return database.read(
                handle ->
                        handle.createQuery(RUNS + " WHERE run.request = :id ORDER BY run.seq")
                                .bind("id", request.text())
                                .map(ViewRows::run)
                                .list());
    }

    /// One run.
    public Optional<RunView> run(RunId id) {
        return database.read(
                handle ->
                        handle.createQuery(RUNS + " WHERE run.id = :id")
                                .bind("id", id.text())
                                .map(ViewRows::run)
                                .findOne());
    }

    /// The phases of a run in the order in which they ran, with those that were started again after
    /// a crash.
    public List<PhaseView> phases(RunId run) {
        return database.read(
                handle -> {
                    List<StepView> steps =
                            of(
                                            handle,
                                            "SELECT * FROM step WHERE run = :run ORDER BY generation, phase, step",
                                            run)
                                    .map(ViewRows::step)
                                    .list();
                    return of(
                                    handle,
                                    "SELECT * FROM phase WHERE run = :run ORDER BY started_at, generation",
                                    run)
                            .map((rows, _) -> ViewRows.phase(rows, steps))
                            .list();
                });
    }

    /// The newest run of a branch's or tag's pushes by a plan, for its badge; change requests never
    /// count (T4).
    public Optional<RunView> newest(RepositoryId repository, Subject subject, String plan) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        RUNS
                                                + """
                                                WHERE run.repository = :repository AND run.kind = :kind
                                                    AND run.subject = :subject AND run.plan = :plan
                                                    AND (run.verdict IS NULL OR run.verdict <> 'superseded')
                                                ORDER BY run.seq DESC LIMIT 1
                                                """)
                                .bind("repository", repository.toString())
                                .bind("kind", subject.kind())
                                .bind("subject", subject.key())
                                .bind("plan", plan)
                                .map(ViewRows::run)
                                .findOne());
    }

    private static Query of(Handle handle, String sql, RunId run) {
        return handle.createQuery(sql).bind("run", run.text());
    }
}
