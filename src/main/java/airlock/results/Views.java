package airlock.results;

import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.results.View.PhaseView;
import airlock.results.View.RequestView;
import airlock.results.View.RunView;
import airlock.results.View.StepView;
import airlock.results.View.VmTimeView;
import airlock.store.Database;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /// Which runs a list shows.
    ///
    /// @param kind and `subject`: of this one only; both empty for all
    /// @param before only those older than the run with this id; empty for the newest
    public record Filter(
            Set<RepositoryId> repositories, String kind, String subject, String before) {
        public Filter {
            repositories = Set.copyOf(repositories);
        }
    }

    /// Runs, newest first, at most `most`.
    public List<RunView> runs(Filter filter, int most) {
        if (filter.repositories().isEmpty()) {
            return List.of();
        }
        return database.read(
                handle ->
                        handle.createQuery(
                                        RUNS
                                                + """
                                                WHERE run.repository IN (<repositories>)
                                                    AND (:kind = '' OR run.kind = :kind AND run.subject = :subject)
                                                    AND (:before = '' OR run.seq < (SELECT seq FROM run WHERE id = :before))
                                                ORDER BY run.seq DESC LIMIT :most
                                                """)
                                .bindList("repositories", texts(filter.repositories()))
                                .bind("kind", filter.kind())
                                .bind("subject", filter.subject())
                                .bind("before", filter.before())
                                .bind("most", most)
                                .map(ViewRows::run)
                                .list());
    }

    /// Requests that have no runs yet and have not ended, newest first.
    public List<RequestView> waiting(Set<RepositoryId> repositories, int most) {
        if (repositories.isEmpty()) {
            return List.of();
        }
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM request
                                        WHERE repository IN (<repositories>) AND state IN ('queued', 'claimed')
                                        ORDER BY seq DESC LIMIT :most
                                        """)
                                .bindList("repositories", texts(repositories))
                                .bind("most", most)
                                .map(ViewRows::request)
                                .list());
    }

    private static List<String> texts(Set<RepositoryId> repositories) {
        return repositories.stream().map(RepositoryId::toString).toList();
    }

    /// The newest request for a branch or tag that was not superseded.
    public Optional<RequestView> newest(RepositoryId repository, Subject subject) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM request
                                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                                            AND COALESCE(verdict, '') <> 'superseded'
                                        ORDER BY seq DESC LIMIT 1
                                        """)
                                .bind("repository", repository.toString())
                                .bind("kind", subject.kind())
                                .bind("subject", subject.key())
                                .map(ViewRows::request)
                                .findOne());
    }

    /// To which repository a run belongs.
    public Optional<RepositoryId> repositoryOf(RunId id) {
        return owner("SELECT repository FROM run WHERE id = :id", id.text());
    }

    /// To which repository a request belongs.
    public Optional<RepositoryId> repositoryOf(RequestId id) {
        return owner("SELECT repository FROM request WHERE id = :id", id.text());
    }

    private Optional<RepositoryId> owner(String sql, String id) {
        return database.read(
                handle ->
                        handle.createQuery(sql)
                                .bind("id", id)
                                .map((rows, _) -> RepositoryId.parse(rows.getString(1)))
                                .findOne());
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

    /// The runs of a request that count, in the order in which it made them: without those that
    // were
    /// superseded before it was queued again.
    public List<RunView> runsOf(RequestId request) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        RUNS
                                                + " WHERE run.request = :id AND run.replaced = 0"
                                                + " ORDER BY run.seq")
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

    /// The phases of a run in the order in which they ran, with those that were started again
    /// after a crash.
    public List<PhaseView> phases(RunId run) {
        return database.read(
                handle -> {
                    List<StepView> steps =
                            of(
                                            handle,
                                            "SELECT * FROM step WHERE run = :run ORDER BY"
                                                    + " generation, phase, step",
                                            run)
                                    .map(ViewRows::step)
                                    .list();
                    List<ViewRows.PlaceRow> places =
                            of(
                                            handle,
                                            "SELECT * FROM network_place WHERE run = :run ORDER BY"
                                                    + " place_index",
                                            run)
                                    .map(ViewRows::place)
                                    .list();
                    return of(
                                    handle,
                                    """
                                    SELECT phase.*, run.state = 'claimed' AND run.generation = phase.generation AS goes_on
                                    FROM phase JOIN run ON run.id = phase.run
                                    WHERE phase.run = :run ORDER BY phase.started_at, phase.generation
                                    """,
                                    run)
                            .map((rows, _) -> ViewRows.phase(rows, steps, places))
                            .list();
                });
    }

    /// All that is wrong with the plan of a run that ended for it, or with those of a request's
    /// runs; else empty.
    ///
    /// @param of the id of either
    public String planReport(String of) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT report FROM plan_report WHERE of = :of
                                        UNION
                                        SELECT p.report FROM run r JOIN plan_report p ON p.of = r.id
                                        WHERE r.request = :of
                                        ORDER BY report
                                        """)
                                .bind("of", of)
                                .mapTo(String.class)
                                .collect(Collectors.joining("\n")));
    }

    /// Who was in machines of a run, the oldest visit first.
    public List<Visit> visits(RunId run) {
        return database.read(
                handle ->
                        of(handle, "SELECT * FROM machine_visit WHERE run = :run ORDER BY seq", run)
                                .map(ViewRows::visit)
                                .list());
    }

    /// Where the time of the newest VMs went, the newest first.
    ///
    /// @param run only those of this run; of all where it is empty
    public List<VmTimeView> vmTimes(String run, int most) {
        return database.read(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT run, phase, vm_times FROM phase
                                        WHERE vm_times <> '' AND (:run = '' OR run = :run)
                                        ORDER BY started_at DESC LIMIT :most
                                        """)
                                .bind("run", run)
                                .bind("most", most)
                                .map(ViewRows::vmTime)
                                .list());
    }

    private static Query of(Handle handle, String sql, RunId run) {
        return handle.createQuery(sql).bind("run", run.text());
    }
}
