package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.results.LogSource;
import airlock.results.RequestView;
import airlock.results.RunList;
import airlock.results.RunQuery;
import airlock.results.RunView;
import airlock.results.SubjectFilter;
import io.javalin.http.Context;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The pages for people.
final class Pages {
    private static final int RUNS = 30;
    private static final int WAITING = 20;

    /// If there are more repositories, they are not all offered while a name is written.
    private static final int OFFERED = 50;

    private static final int PAUSED = 5;
    private static final int LONGEST = 1200;
    private static final Pattern ID = Pattern.compile("[a-z2-7]{20}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern OFFSET = Pattern.compile("[0-9]{1,18}");

    private final WebParts parts;
    private final Lookup lookup;
    private final Templates templates;
    private final Errors errors;

    Pages(WebParts parts, Lookup lookup, Templates templates, Errors errors) {
        this.parts = parts;
        this.lookup = lookup;
        this.templates = templates;
        this.errors = errors;
    }

    /// `GET /`.
    void runs(Context ctx) {
        String repository = parameter(ctx, "repository");
        String subject = parameter(ctx, "subject");
        String before = parameter(ctx, "before");
        var sight = lookup.sight(ctx);
        var all = sight.repositories();
        var exact = sight.at(repository);
        var chosen = exact.map(List::of).orElseGet(() -> fitting(all, repository));
        var byId =
                chosen.stream().collect(Collectors.toMap(ShownRepository::id, Function.identity()));
        var filter = SubjectFilter.of(subject);
        boolean first = before.isEmpty();
        boolean none =
                chosen.isEmpty() || filter.isEmpty() || !(first || ID.matcher(before).matches());
        var query =
                new RunQuery(
                        none ? Set.of() : byId.keySet(),
                        filter.orElse(SubjectFilter.ANY),
                        before,
                        RUNS);
        var list = parts.views().runs(query);
        var waiting = first && subject.isEmpty() && !none ? waiting(byId) : List.<ShownRequest>of();
        templates.answer(
                ctx,
                "runs",
                new RunsPage(
                        all.size() > OFFERED ? List.of() : all,
                        exact.isPresent() || repository.isEmpty() ? List.of() : chosen,
                        repository,
                        subject,
                        paused(byId.keySet()),
                        waiting,
                        requests(parts.views().withoutRun(query, list.oldest()), byId),
                        shown(list, byId),
                        first,
                        list.more()));
    }

    /// Those with `text` somewhere in their path.
    private static List<ShownRepository> fitting(List<ShownRepository> all, String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return all.stream()
                .filter(shown -> shown.path().toLowerCase(Locale.ROOT).contains(wanted))
                .toList();
    }

    /// Only about what the reader may see.
    private List<String> paused(Set<RepositoryId> chosen) {
        var forges = chosen.stream().map(RepositoryId::forge).collect(Collectors.toSet());
        return parts.statuses().paused().stream()
                .filter(
                        paused ->
                                paused.repository()
                                        .map(chosen::contains)
                                        .orElse(forges.contains(paused.forge())))
                .map(pause -> pause.reason() + ": " + pause.cure())
                .limit(PAUSED)
                .toList();
    }

    private List<ShownRequest> waiting(Map<RepositoryId, ShownRepository> repositories) {
        return requests(parts.views().waiting(repositories.keySet(), WAITING), repositories);
    }

    private static List<ShownRequest> requests(
            List<RequestView> found, Map<RepositoryId, ShownRepository> repositories) {
        return found.stream()
                .flatMap(
                        request ->
                                Optional.ofNullable(repositories.get(request.repository()))
                                        .map(
                                                shown ->
                                                        new ShownRequest(
                                                                shown, request, List.of(), ""))
                                        .stream())
                .toList();
    }

    private static List<RunsPage.ShownRun> shown(
            RunList list, Map<RepositoryId, ShownRepository> repositories) {
        return list.runs().stream()
                .flatMap(
                        run ->
                                Optional.ofNullable(repositories.get(run.repository()))
                                        .map(shown -> new RunsPage.ShownRun(shown, run))
                                        .stream())
                .toList();
    }

    /// `GET /requests/{id}`.
    void request(Context ctx) {
        lookup.request(ctx, ctx.pathParam("id"))
                .ifPresentOrElse(
                        found -> templates.answer(ctx, "request", found),
                        () -> errors.answer(ctx, 404));
    }

    /// `GET /runs/{id}`.
    void run(Context ctx) {
        withRun(
                ctx,
                (repository, run) -> {
                    var log = range(run.head().id(), LogRange::tail);
                    boolean artifacts = lookup.artifacts(ctx, repository).mayHave(run.head().id());
                    templates.answer(
                            ctx,
                            "run",
                            new RunPage(
                                    repository,
                                    run,
                                    PhaseBox.of(run, log),
                                    log,
                                    artifacts,
                                    parts.views().planReport(run.head().id().text())));
                });
    }

    /// `GET /runs/{id}/log?from=OFFSET`; without an offset, the log's end.
    void log(Context ctx) {
        withRun(
                ctx,
                (repository, run) -> {
                    String from = parameter(ctx, "from");
                    var log =
                            range(
                                    run.head().id(),
                                    OFFSET.matcher(from).matches()
                                            ? open -> LogRange.read(open, Long.parseLong(from))
                                            : LogRange::tail);
                    templates.answer(ctx, "log", LogPage.of(repository, run, log));
                });
    }

    /// `GET /runs/{id}/artifacts?from=NUMBER`.
    void artifacts(Context ctx) {
        String wanted = parameter(ctx, "from");
        int from = NUMBER.matcher(wanted).matches() ? Integer.parseInt(wanted) : 0;
        withRun(
                ctx,
                (repository, run) ->
                        templates.answer(
                                ctx,
                                "artifacts",
                                new ArtifactsPage(
                                        repository,
                                        run.head(),
                                        lookup.artifacts(ctx, repository)
                                                .list(run.head().id(), from))));
    }

    /// Does `then` with the run that the path names, or says that there is none.
    void withRun(Context ctx, BiConsumer<ShownRepository, RunView> then) {
        lookup.run(ctx, ctx.pathParam("id"))
                .ifPresentOrElse(
                        found -> then.accept(found.repository(), found.run()),
                        () -> errors.answer(ctx, 404));
    }

    private LogRange range(RunId run, Function<LogSource.OpenLog, LogRange> read) {
        return parts.logs().open(run).map(read).orElse(LogRange.NONE);
    }

    private static String parameter(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null || value.length() > LONGEST ? "" : value.strip();
    }
}
