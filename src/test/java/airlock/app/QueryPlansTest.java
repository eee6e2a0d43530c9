package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.backup.Backup;
import airlock.control.Command;
import airlock.event.Prunable.PrunableLook;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.house.HostedChange;
import airlock.results.RunQuery;
import airlock.results.StoredViews;
import airlock.results.SubjectFilter;
import airlock.store.Database;
import airlock.store.PrunableRows;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Each statement that a server makes finds its rows by an index, so that a long history costs no
/// page, badge, claim, sweep, delivery, status, look of the janitor, scrape, start or backup more.
/// The statements are those that a server made while it was used here, not a list that could grow
/// old.
class QueryPlansTest extends OnForge {

    private static final Set<String> GROWING =
            Set.of(
                    "run",
                    "request",
                    "phase",
                    "step",
                    "blob",
                    "delivery",
                    "occurrence",
                    "status_outbox",
                    "network_place",
                    "machine_visit",
                    "plan_report",
                    "source_use",
                    "stock",
                    "sweep");

    /// Conditions of partial indexes that hold open work alone, which is as much as it is, however
    /// long the history.
    private static final Pattern OPEN =
            Pattern.compile(
                    "state = '(queued|claimed)'|state <> 'ended'|state IN \\('queued',"
                            + " 'claimed'\\)|outcome IN \\(|recheck_at IS NOT NULL|ended_at IS"
                            + " NULL|outcome = 'given_up'");

    /// Statements that may scan, by a part of their text, with the reason.
    private static final Map<String, String> EXCEPTIONS =
            Map.ofEntries(
                    Map.entry("FROM share s", "one look into an index for each repository"),
                    Map.entry("GROUP BY run.request", "the runs from outside of the last hour"),
                    Map.entry("AND (body_hash = ? OR ?)", "deliveries of one move"),
                    Map.entry(
                            "json_group_array(seq)",
                            "sorts a row of each repository, and a page of some"),
                    Map.entry("PRAGMA", "no statement over tables"),
                    Map.entry("WHERE run = ?", "what one run has"),
                    Map.entry("WHERE phase.run = ?", "what one run has"),
                    Map.entry("WHERE r.request = ?", "what one request has"),
                    Map.entry(
                            "FROM sweep ORDER BY repository", "a person asks how all sweeps stand"),
                    Map.entry("UPDATE sweep SET due_at = 0", "a start makes all due"),
                    Map.entry("ORDER BY run.seq DESC LIMIT", "walks from the newest run"),
                    Map.entry("AND log_removed_at = 0 ORDER BY seq LIMIT", "a backup copies all"),
                    Map.entry("AND sha256 > ? ORDER BY sha256 LIMIT", "a backup copies all"));

    private static final Pattern TABLE =
            Pattern.compile("\\b(?:FROM|JOIN|UPDATE|INTO)\\s+(\\w+)(?:\\s+(?:AS\\s+)?(\\w+))?");
    private static final Pattern SCAN =
            Pattern.compile("SCAN (\\w+)(?: USING (?:COVERING )?INDEX (\\w+))?.*");

    private static final String METRICS =
            """

            metrics: 127.0.0.1:0
            """;

    private final Logger logger = (Logger) LoggerFactory.getLogger("airlock.store.statements");
    private final Statements statements = new Statements();

    private static final class Statements extends AppenderBase<ILoggingEvent> {
        private final Set<String> texts = new ConcurrentSkipListSet<>();

        @Override
        protected void append(ILoggingEvent event) {
            texts.add(event.getFormattedMessage());
        }
    }

    @BeforeEach
    void listen() {
        statements.start();
        logger.setLevel(Level.TRACE);
        logger.setAdditive(false);
        logger.addAppender(statements);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(statements);
        logger.setLevel(null);
        logger.setAdditive(true);
    }

    @Test
    void noStatementOfAServerReadsOrSortsATableThatGrows() throws Exception {
        try (var bot = Bot.quick(directory, forge, host, METRICS)) {
            use(bot, new Pushes(directory, forge));
        }
        growOld();
        try (var bot = Bot.quick(directory, forge, host, "")) {
            await().atMost(LONG).until(() -> has("UPDATE blob SET removed_at"));
            assertThat(bot.ask(new Command.Usage())).isNotEmpty();
        }
        var _ =
                new Backup(directory.resolve("state"), InstantSource.system())
                        .make(directory.resolve("backup.tar"), true);
        readOfMany();
        assertThat(
                        List.of(
                                "UPDATE run SET log_removed_at",
                                "UPDATE delivery SET body",
                                "kind = 'change'"))
                .allMatch(this::has);
        assertThat(statements.texts).hasSizeGreaterThan(100);
        var wrong = new TreeMap<String, List<String>>();
        try (var database = Database.open(directory.resolve("plans.db"))) {
            var open = openIndexes(database);
            for (String text : Set.copyOf(statements.texts)) {
                String line = text.strip().replaceAll("\\s+", " ");
                if (EXCEPTIONS.keySet().stream().noneMatch(line::contains)) {
                    var steps =
                            plan(database, text).stream()
                                    .filter(step -> isWrong(step, text, open))
                                    .toList();
                    if (!steps.isEmpty()) {
                        wrong.put(line, steps);
                    }
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private boolean has(String part) {
        return statements.texts.stream().anyMatch(text -> text.contains(part));
    }

    /// So that the janitor of the next server removes things.
    private void growOld() {
        try (var database = Database.open(directory.resolve("state/airlock.db"))) {
            database.write(handle -> handle.execute("UPDATE run SET ended_at = 1"));
            database.write(handle -> handle.execute("UPDATE stock SET used_at = 1"));
        }
        statements.texts.removeIf(text -> text.endsWith(" = 1"));
    }

    /// Lists of many repositories begin otherwise.
    private void readOfMany() {
        var many =
                IntStream.range(0, 40)
                        .mapToObj(i -> new RepositoryId("demo", String.valueOf(i)))
                        .collect(Collectors.toSet());
        try (var database = Database.open(directory.resolve("state/airlock.db"))) {
            var views = new StoredViews(database);
            var query = new RunQuery(many, SubjectFilter.ANY, "", 3);
            assertThat(views.runs(query).runs()).hasSize(3);
            assertThat(views.waiting(many, 3)).isEmpty();
            assertThat(views.withoutRun(query, "")).isEmpty();
            var which = new PrunableLook.Which("", false);
            assertThat(new PrunableRows(database, "deliveries").oldest(which, Optional.empty(), 3))
                    .isNotEmpty();
            var ofSubject =
                    new RunQuery(many, new SubjectFilter("branch", "refs/heads/main"), "", 3);
            assertThat(views.withoutRun(ofSubject, "")).isEmpty();
        }
    }

    private void change(Bot bot, Pushes pushes, String head) throws Exception {
        var change = HostedChange.inside(3, "main", head, "topic");
        forge.change(7, change);
        pushes.pushTo("refs/pull/3/head");
        var _ = bot.ask(new Command.Sweep(""));
        await().atMost(LONG)
                .until(() -> forge.states(head, "airlock/main/pr/main").contains("success"));
        forge.change(7, change.closed());
        var _ = bot.ask(new Command.Sweep(""));
    }

    private void use(Bot bot, Pushes pushes) throws Exception {
        String plan = "plan:\n- action: shell\n  shell: echo hello\n";
        String first = pushes.push(bot, plan);
        awaitState(first, "airlock", "success");
        String second = pushes.push(bot, plan + "# more\n");
        awaitState(second, "airlock", "success");
        var run = new RunId(bot.runs().getFirst());
        read(bot, run);
        var _ = bot.ask(new Command.Runs(10));
        var _ = bot.ask(new Command.VmTimes("", 10));
        var _ = bot.ask(new Command.VmTimes(run.text(), 10));
        var _ = bot.ask(new Command.Rerun(run.text(), false));
        var _ = bot.ask(new Command.Cancel(run));
        var _ = bot.ask(new Command.Sweep(""));
        var _ = bot.ask(new Command.SweepStates());
        var _ = bot.ask(new Command.Statuses());
        var _ = bot.ask(new Command.RetryStatuses(""));
        var _ = bot.ask(new Command.RetryStatuses("alice/hello"));
        var _ = bot.ask(new Command.Network(run));
        assertThat(bot.metrics()).contains("airlock_");
        await().atMost(LONG).until(() -> bot.runs().size() == 3);
        change(bot, pushes, second);
    }

    private static void read(Bot bot, RunId run) throws Exception {
        for (String path :
                List.of(
                        "/?repository=demo/alice/hello",
                        "/?subject=main&before=" + run,
                        "/runs/" + run,
                        "/runs/" + run + "/log",
                        "/runs/" + run + "/artifacts",
                        "/badges/demo/alice/hello.svg?plan=main",
                        "/api/v1/runs",
                        "/api/v1/runs/" + run,
                        "/api/v1/runs/" + run + "/log",
                        "/api/v1/requests")) {
            assertThat(bot.get(path)).as(path).isNotEmpty();
        }
        var request = Pattern.compile("/requests/([a-z2-7]{20})").matcher(bot.get("/runs/" + run));
        assertThat(request.find()).isTrue();
        assertThat(bot.get(request.group())).contains("airlock/main");
        assertThat(bot.get("/api/v1" + request.group())).contains("airlock/main");
    }

    private static Set<String> openIndexes(Database database) {
        var open = new TreeSet<String>();
        database.read(
                        handle ->
                                handle.createQuery(
                                                "SELECT name, sql FROM sqlite_schema WHERE type ="
                                                        + " 'index' AND sql LIKE '% WHERE %'")
                                        .map(
                                                (rows, _) ->
                                                        Map.entry(
                                                                rows.getString(1),
                                                                rows.getString(2)))
                                        .list())
                .forEach(
                        index -> {
                            String where = index.getValue().split(" WHERE ", 2)[1];
                            if (OPEN.matcher(where).find()) {
                                open.add(index.getKey());
                            }
                        });
        return open;
    }

    private static List<String> plan(Database database, String text) {
        return database.read(
                handle -> {
                    try (var statement =
                            handle.getConnection().prepareStatement("EXPLAIN QUERY PLAN " + text)) {
                        try (var rows = statement.executeQuery()) {
                            var steps = new ArrayList<String>();
                            while (rows.next()) {
                                steps.add(rows.getString("detail"));
                            }
                            return steps;
                        }
                    } catch (SQLException e) {
                        throw new AssertionError(text, e);
                    }
                });
    }

    private static boolean isWrong(String step, String text, Set<String> open) {
        var tables = new HashMap<String, String>();
        TABLE.matcher(text)
                .results()
                .forEach(
                        found -> {
                            tables.put(found.group(1), found.group(1));
                            Optional.ofNullable(found.group(2))
                                    .ifPresent(alias -> tables.put(alias, found.group(1)));
                        });
        // the last terms of an order are sorted only among rows that are equal in the first ones
        if (step.startsWith("USE TEMP B-TREE") && !step.contains(" LAST ")) {
            return tables.values().stream().anyMatch(GROWING::contains);
        }
        var scan = SCAN.matcher(step);
        return scan.matches()
                && GROWING.contains(tables.getOrDefault(scan.group(1), scan.group(1)))
                && !open.contains(String.valueOf(scan.group(2)));
    }
}
