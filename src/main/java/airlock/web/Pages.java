package airlock.web;

import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.results.RequestView;
import airlock.results.RunQuery;
import airlock.results.StoredLogs.OpenLog;
import airlock.results.SubjectFilter;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The HTML pages.
final class Pages {
    private static final int MAX_RUNS = 30;
    private static final int MAX_WAITING = 20;
    private static final int MAX_PAUSED = 5;
    private static final int MAX_PARAMETER = 1200;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
    private static final Pattern OFFSET = Pattern.compile("[0-9]{1,18}");

    private final WebParts parts;
    private final Lookup lookup;
    private final PageTemplates templates;
    private final Errors errors;

    Pages(WebParts parts, Lookup lookup, PageTemplates templates, Errors errors) {
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
        var fitting = exact.map(List::of).orElseGet(() -> RunsPage.Filter.fitting(all, repository));
        var found =
                exact.isPresent() || repository.isEmpty() ? List.<ShownRepository>of() : fitting;
        boolean first = before.isEmpty();
        var wanted = SubjectFilter.of(subject);
        boolean valid = wanted.isPresent() && (first || Lookup.isId(before));
        var chosen = ShownRepositories.of(fitting);
        var listed = valid ? chosen.ids() : Set.<RepositoryId>of();
        var query = new RunQuery(listed, wanted.orElse(SubjectFilter.ANY), before, MAX_RUNS);
        var list = parts.views().runs(query);
        boolean hasWaiting = first && subject.isEmpty() && !listed.isEmpty();
        templates.answer(
                ctx,
                "runs",
                new RunsPage(
                        new RunsPage.Filter(all, found, repository, subject, first),
                        paused(chosen.ids()),
                        shown(
                                chosen,
                                hasWaiting
                                        ? parts.views().waiting(listed, MAX_WAITING)
                                        : List.of()),
                        shown(chosen, parts.views().withoutRun(query, list.oldest())),
                        chosen.runs(list.runs(), RunsPage.ShownRun::new),
                        list.more()));
    }

    private static List<ShownRequest> shown(
            ShownRepositories repositories, List<RequestView> requests) {
        return repositories.requests(
                requests, (shown, request) -> new ShownRequest(shown, request, List.of(), ""));
    }

    /// Why commit statuses wait; only those of repositories that the client may see.
    private List<String> paused(Set<RepositoryId> chosen) {
        var forges = chosen.stream().map(RepositoryId::forge).collect(Collectors.toSet());
        return parts.statuses().paused().stream()
                .filter(
                        paused ->
                                paused.repository()
                                        .map(chosen::contains)
                                        .orElse(forges.contains(paused.forge())))
                .map(pause -> pause.reason() + ": " + pause.cure())
                .limit(MAX_PAUSED)
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
                found -> {
                    var id = found.place().run();
                    var log = range(id, LogRange::tail);
                    templates.answer(
                            ctx,
                            "run",
                            new RunPage(
                                    found.repository(),
                                    found.run(),
                                    PhaseBox.of(found.run(), log),
                                    log,
                                    parts.artifacts().mayHave(id),
                                    parts.views().planReport(id.text())));
                });
    }

    /// `GET /runs/{id}/log?from=OFFSET`; without an offset, the log's end.
    void log(Context ctx) {
        String from = parameter(ctx, "from");
        Function<OpenLog, LogRange> read =
                OFFSET.matcher(from).matches()
                        ? log -> LogRange.read(log, Long.parseLong(from))
                        : LogRange::tail;
        withRun(
                ctx,
                found -> {
                    var log = range(found.place().run(), read);
                    templates.answer(ctx, "log", LogPage.of(found.repository(), found.run(), log));
                });
    }

    private LogRange range(RunId run, Function<OpenLog, LogRange> read) {
        return read.apply(parts.logs().open(run));
    }

    /// The whole log as one file: `/runs/{id}/log.txt`, `log.jsonl` and `log.html`.
    void wholeLog(Context ctx, LogFormat format) {
        withRun(
                ctx,
                found -> {
                    var log = parts.logs().open(found.place().run());
                    if (log.size() > 0) {
                        send(ctx, format, found, log);
                    } else {
                        errors.answer(ctx, found.run().logRemoved().isPresent() ? 410 : 404);
                    }
                });
    }

    private static void send(
            Context ctx, LogFormat format, Lookup.FoundRun found, OpenLog log) {
        if (format == LogFormat.HTML) {
            ctx.header("Content-Disposition", "attachment; filename=\"run-log.html\"");
        }
        ctx.contentType(format.type()).header("Cache-Control", "no-cache");
        Exchange.of(ctx).keep(ReadBudget.STREAM + found.run().memory());
        try {
            var out = ctx.res().getOutputStream();
            format.write(out, found.repository().path(), found.run(), log);
            out.flush();
        } catch (IOException e) {
            // the client disconnected or was too slow
        }
    }

    /// `GET /runs/{id}/artifacts?from=NUMBER`.
    void artifacts(Context ctx) {
        String wanted = parameter(ctx, "from");
        int from = NUMBER.matcher(wanted).matches() ? Integer.parseInt(wanted) : 0;
        withRun(
                ctx,
                found ->
                        templates.answer(
                                ctx,
                                "artifacts",
                                new ArtifactsPage(
                                        found.repository(),
                                        found.run().head(),
                                        lookup.artifacts(ctx, found.place(), from))));
    }

    private void withRun(Context ctx, Consumer<Lookup.FoundRun> then) {
        lookup.run(ctx, ctx.pathParam("id")).ifPresentOrElse(then, () -> errors.answer(ctx, 404));
    }

    private static String parameter(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null || value.length() > MAX_PARAMETER ? "" : value.strip();
    }
}
