package airlock.results;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RequestId;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.results.RunView.Visit;
import airlock.results.Views.RunList;
import airlock.store.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.StatementContext;

/// Reads runs and requests from the database.
public final class StoredViews implements Views {
    private static final String RUNS =
            """
            SELECT run.*, request.title, request.author FROM run JOIN request ON request.id = run.request
            """;

    private static final Newest ALL_RUNS = new Newest("run", "");
    private static final Newest UNPLANNED = new Newest("request", "state IN ('queued', 'claimed')");
    private static final Newest ENDED = new Newest("request", "ended_early = 1");

    /// How many reports of a request's plans are shown, and how many characters of each.
    private static final int MOST_REPORTS = 8;

    private static final int MOST_REPORT = 32 << 10;

    /// The phases of the last so many claims of a run are shown, and its last visits.
    private static final int MOST_GENERATIONS = 50;

    private static final int MOST_VISITS = 200;

    private final Database database;
    private final Supplier<String> shut;
    private final Function<RunId, Optional<Instant>> kept;

    public StoredViews(Database database) {
        this(database, () -> "", _ -> Optional.empty());
    }

    /// @param shut why no new work is started; empty if it is
    /// @param kept until when the VM of a run is kept
    public StoredViews(
            Database database, Supplier<String> shut, Function<RunId, Optional<Instant>> kept) {
        this.database = database;
        this.shut = shut;
        this.kept = kept;
    }

    @Override
    public RunList runs(RunQuery query) {
        // one more than the limit, to know whether there are older ones
        var found =
                database.readPage(
                        handle -> {
                            long before =
                                    seq(handle, query.before(), "SELECT seq FROM run WHERE id = ?");
                            var wanted =
                                    new Newest.Wanted(
                                            query.repositories(), query.subject(), before);
                            return handle.select(
                                            RUNS
                                                    + " WHERE run.seq IN (SELECT value FROM json_each(?))"
                                                    + " ORDER BY run.seq DESC",
                                            ALL_RUNS.of(handle, wanted, query.limit() + 1)
                                                    .toString())
                                    .map(ViewRows::run)
                                    .list();
                        });
        return new RunList(
                found.stream().limit(query.limit()).toList(), found.size() > query.limit());
    }

    /// The number that `sql` selects for `id`; 0 if it does not exist, the largest one if it is
    /// empty.
    private static long seq(Handle handle, String id, String sql) {
        return id.isEmpty()
                ? Long.MAX_VALUE
                : handle.select(sql, id).mapTo(Long.class).findFirst().orElse(0L);
    }

    @Override
    public List<RequestView> waiting(Set<RepositoryId> repositories, int most) {
        var wanted = new Newest.Wanted(repositories, SubjectFilter.ANY, Long.MAX_VALUE);
        return requests(handle -> UNPLANNED.of(handle, wanted, most));
    }

    @Override
    public List<RequestView> withoutRun(RunQuery query, String oldest) {
        return requests(
                handle -> {
                    long least = oldest.isEmpty() ? 0 : below(handle, oldest);
                    var wanted =
                            new Newest.Wanted(
                                    query.repositories(),
                                    query.subject(),
                                    below(handle, query.before()));
                    return ENDED.of(handle, wanted, query.limit()).stream()
                            .filter(seq -> seq >= least)
                            .toList();
                });
    }

    /// A number greater than the `seq` of all requests to list.
    ///
    /// @param id of a request, which is not listed itself, or of a run, whose request is
    private static long below(Handle handle, String id) {
        return seq(
                handle,
                id,
                """
                SELECT seq FROM (SELECT id, seq FROM request
                    UNION ALL SELECT r.id, q.seq + 1 FROM run r JOIN request q ON q.id = r.request)
                WHERE id = ?
                """);
    }

    private List<RequestView> requests(Function<Handle, List<Long>> seqs) {
        return database.readPage(
                handle ->
                        handle.select(
                                        "SELECT * FROM request WHERE seq IN"
                                                + " (SELECT value FROM json_each(?))"
                                                + " ORDER BY seq DESC",
                                        seqs.apply(handle).toString())
                                .map((rows, _) -> request(rows, List.of()))
                                .list());
    }

    private RequestView request(ResultSet rows, List<RunHead> runs) throws SQLException {
        return ViewRows.request(rows, shut.get(), runs);
    }

    /// Of the newest request for the commit that was pushed last; that may be a rerun. Superseded
    /// requests do not count.
    @Override
    public List<State> newest(RepositoryId repository, Subject.Branch branch, String plan) {
        return database.readPage(
                handle ->
                        handle
                                .createQuery(
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
                                .bind("kind", branch.kind())
                                .bind("subject", branch.key())
                                .map((rows, _) -> request(rows, List.of()))
                                .list()
                                .stream()
                                .flatMap(request -> states(handle, request, plan).stream())
                                .toList());
    }

    private static List<State> states(Handle handle, RequestView request, String plan) {
        var states =
                runsOf(handle, request.id()).stream()
                        .filter(run -> plan.isEmpty() || run.plan().equals(plan))
                        .map(RunHead::state)
                        .toList();
        return states.isEmpty() ? List.of(request.state()) : states;
    }

    @Override
    public Optional<RepositoryId> repositoryOf(RunId id) {
        return owner("SELECT repository FROM run WHERE id = ?", id.text());
    }

    @Override
    public Optional<RepositoryId> repositoryOf(RequestId id) {
        return owner("SELECT repository FROM request WHERE id = ?", id.text());
    }

    private Optional<RepositoryId> owner(String sql, String id) {
        return database.readPage(
                handle ->
                        handle.select(sql, id)
                                .map((rows, _) -> RepositoryId.parse(rows.getString(1)))
                                .findOne());
    }

    @Override
    public Optional<RequestView> request(RequestId id) {
        return database.readPage(
                handle ->
                        handle.select("SELECT * FROM request WHERE id = ?", id.text())
                                .map((rows, _) -> request(rows, runsOf(handle, id)))
                                .findOne());
    }

    /// The runs of a request in order, without those that were replaced when it was queued again.
    public List<RunHead> runsOf(RequestId request) {
        return database.readPage(handle -> runsOf(handle, request));
    }

    private static List<RunHead> runsOf(Handle handle, RequestId request) {
        String sql = RUNS + " WHERE run.request = ? AND run.replaced = 0 ORDER BY run.seq";
        return handle.select(sql, request.text()).map(ViewRows::run).list();
    }

    @Override
    public Optional<RunHead> head(RunId id) {
        return database.readPage(
                handle ->
                        of(handle, RUNS + " WHERE run.id = :run", id).map(ViewRows::run).findOne());
    }

    @Override
    public Optional<RunView> run(RunId id) {
        return database.readPage(
                handle ->
                        of(handle, RUNS + " WHERE run.id = :run", id)
                                .map((rows, context) -> whole(handle, rows, context))
                                .findOne());
    }

    /// Reads the phases after the run, so that a run that has ended shows no running phase.
    private RunView whole(Handle handle, ResultSet rows, StatementContext context)
            throws SQLException {
        var head = ViewRows.run(rows, context);
        return new RunView(
                head,
                rows.getString("plan_file"),
                phases(handle, head.id()),
                ViewRows.time(rows, "log_removed_at"),
                head.state() instanceof State.Queued ? shut.get() : "",
                kept.apply(head.id()),
                visits(handle, head.id()));
    }

    @Override
    public List<PhaseView> phases(RunId run) {
        return database.readPage(handle -> phases(handle, run));
    }

    private static List<PhaseView> phases(Handle handle, RunId run) {
        String ofSteps =
                "SELECT * FROM step WHERE run = :run ORDER BY generation, phase, step LIMIT 4000";
        String ofPlaces =
                "SELECT * FROM network_place WHERE run = :run ORDER BY place_index LIMIT 4000";
        var steps = of(handle, ofSteps, run).map(ViewRows::step).list();
        var places = of(handle, ofPlaces, run).map(ViewRows::place).list();
        return of(
                        handle,
                        """
                        SELECT phase.*, run.state = 'claimed' AND run.generation = phase.generation AS goes_on,
                            (SELECT COUNT(*) FROM phase AS earlier
                                WHERE earlier.run = phase.run AND earlier.phase = phase.phase
                                    AND earlier.generation BETWEEN run.generation - :most + 1
                                        AND phase.generation) AS attempt
                        FROM phase JOIN run ON run.id = phase.run
                        WHERE phase.run = :run AND phase.generation > run.generation - :most
                        ORDER BY phase.started_at, phase.generation,
                            CASE phase.phase WHEN 'pre_plan' THEN 0 WHEN 'plan' THEN 1 ELSE 2 END
                        """,
                        run)
                .bind("most", MOST_GENERATIONS)
                .map((rows, _) -> ViewRows.phase(rows, steps, places))
                .list();
    }

    @Override
    public String planReport(String of) {
        String sql =
                """
                SELECT substr(report, 1, :length) FROM (
                    SELECT report FROM plan_report WHERE of = :of
                    UNION
                    SELECT p.report FROM run r JOIN plan_report p ON p.of = r.id
                    WHERE r.request = :of)
                ORDER BY report LIMIT :most
                """;
        var reports =
                database.readPage(
                        handle ->
                                handle.createQuery(sql)
                                        .bind("of", of)
                                        .bind("length", MOST_REPORT)
                                        .bind("most", MOST_REPORTS)
                                        .mapTo(String.class)
                                        .list());
        return String.join("\n", reports);
    }

    private static List<Visit> visits(Handle handle, RunId run) {
        return of(
                        handle,
                        "SELECT * FROM machine_visit WHERE run = :run"
                                + " ORDER BY seq DESC LIMIT :most",
                        run)
                .bind("most", MOST_VISITS)
                .map(ViewRows::visit)
                .list()
                .reversed();
    }

    public record VmTimes(RunId run, Phase phase, PhaseTimes times) {}

    /// The times of the newest VMs, newest first. Chosen by run, since an index over the starts of
    /// all phases would not be worth its space.
    ///
    /// @param run empty for all
    public List<VmTimes> vmTimes(String run, int most) {
        String sql =
                """
                SELECT * FROM (
                    SELECT p.run, p.phase, p.vm_times, p.started_at
                    FROM run CROSS JOIN phase p ON p.run = run.id
                    WHERE p.vm_times <> '' AND (%s) ORDER BY run.seq DESC LIMIT ?)
                ORDER BY started_at DESC
                """
                        .formatted(run.isEmpty() ? "'' = ?" : "run.id = ?");
        return database.readPage(
                handle ->
                        handle.select(sql, run, most)
                                .map(
                                        (rows, _) ->
                                                new VmTimes(
                                                        new RunId(rows.getString("run")),
                                                        Phase.of(rows.getString("phase")),
                                                        PhaseTimes.parse(
                                                                rows.getString("vm_times"))))
                                .list());
    }

    private static Query of(Handle handle, String sql, RunId run) {
        return handle.createQuery(sql).bind("run", run.text());
    }
}
