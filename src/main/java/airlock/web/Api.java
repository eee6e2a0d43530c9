package airlock.web;

import airlock.base.Json;
import airlock.event.RepositoryId;
import airlock.results.RunList;
import airlock.results.RunQuery;
import airlock.results.SubjectFilter;
import io.javalin.http.Context;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// `/api/v1`: what the pages show, for programs. It reads only; docs/api.md describes it.
final class Api {
    static final String BASE = "/api/v1";
    private static final int USUAL = 30;
    private static final int MOST = 100;
    private static final long USUAL_BYTES = 256 << 10;
    private static final long MOST_BYTES = 1 << 20;

    /// What it answers, by path below [#BASE].
    static final Map<String, BiConsumer<Api, Context>> ROUTES =
            Map.of(
                    "/repositories", Api::repositories,
                    "/runs", Api::runs,
                    "/runs/{id}", Api::run,
                    "/runs/{id}/log", Api::log,
                    "/runs/{id}/artifacts", Api::artifacts,
                    "/runs/{id}/artifacts/<path>", Api::artifact,
                    "/requests", Api::requests,
                    "/requests/{id}", Api::request);

    /// ASCII alone, so that who prints an answer as it came prints nothing that a terminal obeys.
    static final JsonMapper JSON =
            Json.ASCII
                    .rebuild()
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                    .build();

    private final WebParts parts;
    private final Lookup lookup;
    private final Errors errors;

    Api(WebParts parts, Lookup lookup, Errors errors) {
        this.parts = parts;
        this.lookup = lookup;
        this.errors = errors;
    }

    private void repositories(Context ctx) {
        var all = lookup.sight(ctx).repositories().stream().map(ApiJson.Repository::of).toList();
        answer(ctx, new ApiJson.Repositories(all));
    }

    private void runs(Context ctx) {
        var query = new ApiQuery(ctx);
        var subject = query.subject();
        String before = query.id("before");
        int limit = (int) query.number("limit", 1, MOST, USUAL);
        var chosen = chosen(ctx, query);
        var list = parts.views().runs(new RunQuery(chosen.keySet(), subject, before, limit));
        var runs =
                list.runs().stream()
                        .flatMap(
                                head ->
                                        Optional.ofNullable(chosen.get(head.repository()))
                                                .map(shown -> ApiJson.Run.of(shown, head))
                                                .stream())
                        .toList();
        answer(ctx, new ApiJson.Runs(runs, list.more() ? next(query, limit, list) : null));
    }

    private static String next(ApiQuery query, int limit, RunList list) {
        return BASE
                + "/runs?repository="
                + encoded(query.text("repository"))
                + "&subject="
                + encoded(query.text("subject"))
                + "&limit="
                + limit
                + "&before="
                + list.runs().getLast().id();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// A repository that may not be seen chooses none, as one does that does not exist.
    private Map<RepositoryId, ShownRepository> chosen(Context ctx, ApiQuery query) {
        String wanted = query.text("repository");
        var sight = lookup.sight(ctx);
        var chosen = wanted.isEmpty() ? sight.repositories() : sight.at(wanted).stream().toList();
        return chosen.stream().collect(Collectors.toMap(ShownRepository::id, Function.identity()));
    }

    private void run(Context ctx) {
        withRun(ctx, found -> answer(ctx, ApiJson.WholeRun.of(found.repository(), found.run())));
    }

    private void log(Context ctx) {
        var query = new ApiQuery(ctx);
        long from = query.number("from", 0, Long.MAX_VALUE, 0);
        long bytes = query.number("bytes", 1, MOST_BYTES, USUAL_BYTES);
        withRun(
                ctx,
                found -> {
                    var head = found.run().head();
                    if (found.run().logRemoved().isPresent()) {
                        errors.answer(ctx, 410);
                        return;
                    }
                    answer(
                            ctx,
                            parts.logs()
                                    .open(head.id())
                                    .map(log -> ApiLog.read(log, from, bytes))
                                    .orElse(ApiLog.none(head.isOver())));
                });
    }

    private void artifacts(Context ctx) {
        int from = (int) new ApiQuery(ctx).number("from", 0, Integer.MAX_VALUE, 0);
        withRun(
                ctx,
                found -> {
                    var id = found.run().head().id();
                    answer(
                            ctx,
                            ApiFiles.of(
                                    id, lookup.artifacts(ctx, found.repository()).list(id, from)));
                });
    }

    /// `GET /runs/{id}/artifacts/{path}`, the same for people and programs.
    void artifact(Context ctx) {
        Exchange.of(ctx).keep(ReadBudget.STREAM);
        String path = ctx.pathParam("path");
        lookup.place(ctx, ctx.pathParam("id"))
                .flatMap(place -> lookup.artifacts(ctx, place.repository()).open(place.run(), path))
                .ifPresentOrElse(
                        content -> ArtifactRoute.answer(ctx, path, content),
                        () -> errors.answer(ctx, 404));
    }

    private void requests(Context ctx) {
        var query = new ApiQuery(ctx);
        String before = query.id("before");
        int limit = (int) query.number("limit", 1, MOST, USUAL);
        var chosen = chosen(ctx, query);
        var all = chosen.keySet();
        var ended =
                parts.views()
                        .withoutRun(new RunQuery(all, SubjectFilter.ANY, before, limit + 1), "");
        var found =
                Stream.concat(
                                before.isEmpty()
                                        ? parts.views().waiting(all, limit).stream()
                                        : Stream.empty(),
                                ended.stream().limit(limit))
                        .flatMap(
                                request ->
                                        Optional.ofNullable(chosen.get(request.repository()))
                                                .map(shown -> ApiJson.Request.of(shown, request))
                                                .stream())
                        .toList();
        String next =
                BASE
                        + "/requests?repository="
                        + encoded(query.text("repository"))
                        + "&limit="
                        + limit
                        + "&before=";
        answer(
                ctx,
                new ApiJson.Requests(
                        found,
                        ended.size() > limit ? next + ended.get(limit - 1).id().text() : null));
    }

    private void request(Context ctx) {
        lookup.request(ctx, ctx.pathParam("id"))
                .ifPresentOrElse(
                        found -> answer(ctx, ApiJson.WholeRequest.of(found)),
                        () -> errors.answer(ctx, 404));
    }

    private void withRun(Context ctx, Consumer<Lookup.FoundRun> then) {
        lookup.run(ctx, ctx.pathParam("id")).ifPresentOrElse(then, () -> errors.answer(ctx, 404));
    }

    private static void answer(Context ctx, Object value) {
        ctx.contentType("application/json");
        ctx.header("Cache-Control", "no-cache");
        Etag.answer(ctx, JSON.writeValueAsBytes(value));
    }
}
