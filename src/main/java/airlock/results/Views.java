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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/// What people read about runs: lists, one run, one request. Reads only.
public final class Views {
    private static final String RUNS =
            """
            SELECT run.*, request.title, request.author FROM run JOIN request ON request.id = run.request
            """;

    private static final Newest ALL_RUNS = new Newest("run", "");

    /// Of how many plans of a request's runs it is shown what is wrong, and how much of each,
    /// characters.
    private static final int MOST_REPORTS = 8;

    private static final int MOST_REPORT = 32 << 10;

    /// Of how many claims of a run the phases are shown, and how many visits: the newest.
    private static final int MOST_GENERATIONS = 50;

    private static final int MOST_VISITS = 200;

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
        return database.readPage(
                handle -> {
                    var before = before(handle, filter.before());
                    return before.isEmpty()
                            ? List.of()
                            : newest(handle, filter, before.getAsLong(), most);
                });
    }

    private static List<RunView> newest(Handle handle, Filter filter, long before, int most) {
        var wanted =
                new Newest.Wanted(filter.repositories(), filter.kind(), filter.subject(), before);
        return handle
                .createQuery(RUNS + " WHERE run.seq IN (SELECT value FROM json_each(:seqs))")
                .bind("seqs", ALL_RUNS.of(handle, wanted, most).toString())
                .map(ViewRows::run)
                .stream()
                .sorted(Comparator.comparingLong(RunView::seq).reversed())
                .toList();
    }

    /// The number of the run `id`; of none where there is no such run.
    private static OptionalLong before(Handle handle, String id) {
        return id.isEmpty()
                ? OptionalLong.of(Long.MAX_VALUE)
                : handle
                        .createQuery("SELECT seq FROM run WHERE id = :id")
                        .bind("id", id)
                        .mapTo(Long.class)
                        .stream()
                        .mapToLong(seq -> seq)
                        .findFirst();
    }

    /// Requests that have no runs yet and have not ended, newest first.
    public List<RequestView> waiting(Set<RepositoryId> repositories, int most) {
        if (repositories.isEmpty()) {
            return List.of();
        }
        return database.readPage(handle -> RequestLists.waiting(handle, repositories, most));
    }

    /// Requests that ended without a run and were not superseded, newest first: those that came
    /// between the runs of one page.
    ///
    /// @param filter that of the page's runs; its `before` may be a request's id, too
    /// @param oldest the id of the page's last run; empty if there are no older ones
    public List<RequestView> withoutRun(Filter filter, String oldest, int most) {
        if (filter.repositories().isEmpty()) {
            return List.of();
        }
        return database.readPage(handle -> RequestLists.ended(handle, filter, oldest, most));
    }

    /// The newest request for what was pushed last to a branch or tag. A rerun of that commit
    /// counts, one of an older commit does not; nor does what was superseded.
    public Optional<RequestView> newest(RepositoryId repository, Subject subject) {
        return database.readPage(
                handle ->
                        handle.createQuery(
                                        """
                                        SELECT * FROM request
                                        WHERE repository = :repository AND kind = :kind AND subject = :subject
                                            AND verdict IS NOT 'superseded' AND commit_id = (
                                                SELECT commit_id FROM request
                                                WHERE repository = :repository AND kind = :kind
                                                    AND subject = :subject AND rerun_of IS NULL
                                                    AND verdict IS NOT 'superseded'
                                                ORDER BY seq DESC LIMIT 1)
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
        return database.readPage(
                handle ->
                        handle.createQuery(sql)
                                .bind("id", id)
                                .map((rows, _) -> RepositoryId.parse(rows.getString(1)))
                                .findOne());
    }

    /// One request.
    public Optional<RequestView> request(RequestId id) {
        return database.readPage(
                handle ->
                        handle.createQuery("SELECT * FROM request WHERE id = :id")
                                .bind("id", id.text())
                                .map(ViewRows::request)
                                .findOne());
    }

    /// The runs of a request that count, in the order in which it made them: without those that
    /// were superseded before it was queued again.
    public List<RunView> runsOf(RequestId request) {
        return database.readPage(
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
        return database.readPage(
                handle ->
                        handle.createQuery(RUNS + " WHERE run.id = :id")
                                .bind("id", id.text())
                                .map(ViewRows::run)
                                .findOne());
    }

    /// The phases of a run in the order in which they ran, with those of its last claims that were
    /// started again.
    public List<PhaseView> phases(RunId run) {
        return database.readPage(
                handle -> {
                    List<StepView> steps =
                            of(
                                            handle,
                                            "SELECT * FROM step WHERE run = :run ORDER BY"
                                                    + " generation, phase, step LIMIT 4000",
                                            run)
                                    .map(ViewRows::step)
                                    .list();
                    List<ViewRows.PlaceRow> places =
                            of(
                                            handle,
                                            "SELECT * FROM network_place WHERE run = :run ORDER BY"
                                                    + " place_index LIMIT 4000",
                                            run)
                                    .map(ViewRows::place)
                                    .list();
                    return of(
                                    handle,
                                    """
                                    SELECT phase.*, run.state = 'claimed' AND run.generation = phase.generation AS goes_on
                                    FROM phase JOIN run ON run.id = phase.run
                                    WHERE phase.run = :run AND phase.generation > run.generation - :most
                                    ORDER BY phase.started_at, phase.generation,
                                        CASE phase.phase WHEN 'pre_plan' THEN 0 WHEN 'plan' THEN 1 ELSE 2 END
                                    """,
                                    run)
                            .bind("most", MOST_GENERATIONS)
                            .map((rows, _) -> ViewRows.phase(rows, steps, places))
                            .list();
                });
    }

    /// All that is wrong with the plan of a run that ended for it, or with those of a request's
    /// runs; else empty.
    ///
    /// @param of the id of either
    public String planReport(String of) {
        return database.readPage(
                handle ->
                        handle
                                .createQuery(
                                        """
                                        SELECT report FROM plan_report WHERE of = :of
                                        UNION
                                        SELECT p.report FROM run r JOIN plan_report p ON p.of = r.id
                                        WHERE r.request = :of
                                        ORDER BY report
                                        """)
                                .bind("of", of)
                                .mapTo(String.class)
                                .stream()
                                .limit(MOST_REPORTS)
                                .map(
                                        report ->
                                                report.substring(
                                                        0, Math.min(report.length(), MOST_REPORT)))
                                .collect(Collectors.joining("\n")));
    }

    /// The newest visits to machines of a run, the oldest of them first.
    public List<Visit> visits(RunId run) {
        return database.readPage(
                        handle ->
                                of(
                                                handle,
                                                "SELECT * FROM machine_visit WHERE run = :run"
                                                        + " ORDER BY seq DESC LIMIT :most",
                                                run)
                                        .bind("most", MOST_VISITS)
                                        .map(ViewRows::visit)
                                        .list())
                .reversed();
    }

    /// Where the time of the newest VMs went, the newest first.
    ///
    /// @param run only those of this run; of all where it is empty
    public List<VmTimeView> vmTimes(String run, int most) {
        return database.readPage(handle -> timed(handle, run, most)).stream()
                .sorted(Comparator.comparingLong(Timed::started).reversed())
                .map(Timed::view)
                .toList();
    }

    private record Timed(long started, VmTimeView view) {}

    /// Of the newest runs, since an index over the starts of all phases is not worth its room.
    private static List<Timed> timed(Handle handle, String run, int most) {
        var query =
                run.isEmpty()
                        ? handle.createQuery(
                                """
                                SELECT p.run, p.phase, p.vm_times, p.started_at
                                FROM run CROSS JOIN phase p ON p.run = run.id
                                WHERE p.vm_times <> '' ORDER BY run.seq DESC LIMIT :most
                                """)
                        : handle.createQuery(
                                        """
                                        SELECT run, phase, vm_times, started_at FROM phase
                                        WHERE run = :run AND vm_times <> '' LIMIT :most
                                        """)
                                .bind("run", run);
        return query.bind("most", most)
                .map(
                        (rows, context) ->
                                new Timed(
                                        rows.getLong("started_at"), ViewRows.vmTime(rows, context)))
                .list();
    }

    private static Query of(Handle handle, String sql, RunId run) {
        return handle.createQuery(sql).bind("run", run.text());
    }
}
