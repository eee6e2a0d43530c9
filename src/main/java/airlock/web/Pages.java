package airlock.web;

import airlock.event.RepositoryId;
import airlock.results.RequestView;
import airlock.results.RunQuery;
import airlock.results.StoredLogs.OpenLog;
import airlock.results.SubjectFilter;
import airlock.web.Artifacts.ArtifactsPage;
import airlock.web.ShownRepository.ShownRepositories;
import io.javalin.http.Context;
import io.javalin.http.GoneResponse;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
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

    Pages(WebParts parts, Lookup lookup, PageTemplates templates) {
        this.parts = parts;
        this.lookup = lookup;
        this.templates = templates;
    }

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

    void request(Context ctx) {
        templates.answer(ctx, "request", lookup.request(ctx));
    }

    void run(Context ctx) {
        var found = lookup.run(ctx);
        var id = found.place().run();
        templates.answer(
                ctx,
                "run",
                RunPage.of(
                        found.repository(),
                        found.run(),
                        LogRange.tail(parts.logs().open(id)),
                        parts.artifacts().mayHave(id),
                        parts.views().planReport(id.text())));
    }

    /// `GET /runs/{id}/log?from=OFFSET`; without an offset, the log's end.
    void log(Context ctx) {
        String from = parameter(ctx, "from");
        var found = lookup.run(ctx);
        var log = parts.logs().open(found.place().run());
        var range =
                OFFSET.matcher(from).matches()
                        ? LogRange.read(log, Long.parseLong(from))
                        : LogRange.tail(log);
        templates.answer(ctx, "log", RunPage.of(found.repository(), found.run(), range, false, ""));
    }

    /// The whole log as one file: `/runs/{id}/log.txt`, `log.jsonl` and `log.html`.
    void wholeLog(Context ctx, LogFormat format) {
        var found = lookup.run(ctx);
        var log = parts.logs().open(found.place().run());
        if (log.size() > 0) {
            send(ctx, format, found, log);
        } else if (found.run().logRemoved().isPresent()) {
            throw new GoneResponse();
        } else {
            throw new NotFoundResponse();
        }
    }

    private static void send(Context ctx, LogFormat format, Lookup.FoundRun found, OpenLog log) {
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
        var found = lookup.run(ctx);
        templates.answer(
                ctx,
                "artifacts",
                new ArtifactsPage(
                        found.repository(),
                        found.run().head(),
                        lookup.artifacts(ctx, found.place(), from)));
    }

    /// A parameter of a query; empty if it is missing or too long.
    static String parameter(Context ctx, String name) {
        String value = ctx.queryParam(name);
        return value == null || value.length() > MAX_PARAMETER ? "" : value.strip();
    }
}
