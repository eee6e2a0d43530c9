package airlock.web;

import airlock.base.Json;
import airlock.event.RunId;
import airlock.results.RequestView;
import airlock.results.RunQuery;
import airlock.results.SubjectFilter;
import airlock.text.SafeText;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// `/api/v1`: the pages' data for programs, read-only (docs/api.md).
final class Api {
    static final String BASE = "/api/v1";
    private static final int DEFAULT_LIMIT = 30;
    private static final int MAX_LIMIT = 100;
    private static final long DEFAULT_LOG_BYTES = 256 << 10;
    private static final long MAX_LOG_BYTES = 1 << 20;

    /// Handlers by path below [#BASE].
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

    private final WebParts parts;
    private final Lookup lookup;
    private final Errors errors;

    Api(WebParts parts, Lookup lookup, Errors errors) {
        this.parts = parts;
        this.lookup = lookup;
        this.errors = errors;
    }

    private void repositories(Context ctx) {
        var all = ApiJson.array(lookup.sight(ctx).repositories(), ApiJson::repository);
        answer(ctx, ApiJson.object().set("repositories", all));
    }

    private void runs(Context ctx) {
        var query = new ApiQuery(ctx);
        var subject = query.subject();
        String before = query.id("before");
        int limit = (int) query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        var chosen = chosen(ctx, query);
        var list = parts.views().runs(new RunQuery(chosen.ids(), subject, before, limit));
        String next =
                "/runs?repository=%s&subject=%s&limit=%d&before=%s"
                        .formatted(
                                Urls.query(query.text("repository")),
                                Urls.query(query.text("subject")),
                                limit,
                                list.oldest());
        answer(
                ctx,
                ApiJson.object()
                        .set("runs", ApiJson.array(chosen.runs(list.runs(), ApiJson::run)))
                        .put("next", list.more() ? BASE + next : null));
    }

    /// A repository that the client may not see is treated like one that does not exist.
    private ShownRepositories chosen(Context ctx, ApiQuery query) {
        String wanted = query.text("repository");
        var sight = lookup.sight(ctx);
        return ShownRepositories.of(
                wanted.isEmpty() ? sight.repositories() : sight.at(wanted).stream().toList());
    }

    private void run(Context ctx) {
        withRun(ctx, found -> answer(ctx, ApiJson.wholeRun(found.repository(), found.run())));
    }

    private void log(Context ctx) {
        var query = new ApiQuery(ctx);
        long from = query.number("from", 0, Long.MAX_VALUE, 0);
        long bytes = query.number("bytes", 1, MAX_LOG_BYTES, DEFAULT_LOG_BYTES);
        withRun(
                ctx,
                found -> {
                    var id = found.run().head().id();
                    if (found.run().logRemoved().isPresent()) {
                        errors.answer(ctx, 410);
                        return;
                    }
                    answer(ctx, ApiLog.read(parts.logs().open(id), from, bytes));
                });
    }

    private void artifacts(Context ctx) {
        int from = (int) new ApiQuery(ctx).number("from", 0, Integer.MAX_VALUE, 0);
        withRun(
                ctx,
                found -> {
                    var id = found.run().head().id();
                    answer(ctx, ApiFiles.json(id, lookup.artifacts(ctx, found.place(), from)));
                });
    }

    /// `GET /runs/{id}/artifacts/{path}`, the same for pages and API.
    void artifact(Context ctx) {
        Exchange.of(ctx).keep(ReadBudget.STREAM);
        String path = ctx.pathParam("path");
        lookup.place(ctx, ctx.pathParam("id"))
                .flatMap(place -> lookup.artifact(ctx, place, path))
                .ifPresentOrElse(
                        content -> ArtifactRoute.answer(ctx, path, content),
                        () -> errors.answer(ctx, 404));
    }

    private void requests(Context ctx) {
        var query = new ApiQuery(ctx);
        String before = query.id("before");
        int limit = (int) query.number("limit", 1, MAX_LIMIT, DEFAULT_LIMIT);
        var chosen = chosen(ctx, query);
        var oneMore = new RunQuery(chosen.ids(), SubjectFilter.ANY, before, limit + 1);
        var ended = parts.views().withoutRun(oneMore, "");
        boolean more = ended.size() > limit;
        var waiting =
                before.isEmpty()
                        ? parts.views().waiting(chosen.ids(), limit)
                        : List.<RequestView>of();
        var found = Stream.concat(waiting.stream(), ended.stream().limit(limit)).toList();
        String next =
                "/requests?repository=%s&limit=%d&before="
                        .formatted(Urls.query(query.text("repository")), limit);
        answer(
                ctx,
                ApiJson.object()
                        .set("requests", ApiJson.array(chosen.requests(found, ApiJson::request)))
                        .put("next", more ? BASE + next + ended.get(limit - 1).id() : null));
    }

    private void request(Context ctx) {
        lookup.request(ctx, ctx.pathParam("id"))
                .ifPresentOrElse(
                        found -> answer(ctx, ApiJson.wholeRequest(found)),
                        () -> errors.answer(ctx, 404));
    }

    private void withRun(Context ctx, Consumer<Lookup.FoundRun> then) {
        lookup.run(ctx, ctx.pathParam("id")).ifPresentOrElse(then, () -> errors.answer(ctx, 404));
    }

    /// Only ASCII, so that a terminal that shows the answer obeys none of it.
    private static void answer(Context ctx, ObjectNode value) {
        ctx.contentType("application/json");
        ctx.header("Cache-Control", "no-cache");
        Etag.answer(ctx, Json.ASCII.writeValueAsBytes(value));
    }

    /// Renders the list of a run's artifacts for the API.
    static final class ApiFiles {
        private ApiFiles() {}

        static ObjectNode json(RunId run, Artifacts.Listing listing) {
            String url = Api.BASE + "/runs/" + run + "/artifacts";
            return switch (listing) {
                case Artifacts.Listing.None _ -> json("none", "", null, List.of());
                case Artifacts.Listing.Private _ ->
                        json(
                                "private",
                                "made with a secret; a token for reading the repository shows them",
                                null,
                                List.of());
                case Artifacts.Listing.Removed(Instant when) ->
                        json("removed", "removed at " + when, null, List.of());
                case Artifacts.Listing.Unreadable(String reason) ->
                        json("unreadable", SafeText.line(reason), null, List.of());
                case Artifacts.Listing.Files(List<Artifacts.File> files, int next) ->
                        json(
                                "files",
                                "",
                                next > 0 ? url + "?from=" + next : null,
                                files.stream().map(file -> file(url, file)).toList());
            };
        }

        private static ObjectNode json(
                String state, String reason, @Nullable String next, List<ObjectNode> files) {
            return ApiJson.object()
                    .put("state", state)
                    .put("reason", reason)
                    .put("cut", next != null)
                    .put("next", next)
                    .set("files", ApiJson.array(files));
        }

        /// The path is exactly that in the archive, so it may be hostile.
        private static ObjectNode file(String url, Artifacts.File file) {
            return ApiJson.object()
                    .put("path", file.path())
                    .put("bytes", file.size())
                    .put("url", url + "/" + Urls.path(file.path()));
        }
    }
}
