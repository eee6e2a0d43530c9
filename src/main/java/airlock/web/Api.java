package airlock.web;

import airlock.base.Json;
import airlock.event.RunId;
import airlock.results.RequestView;
import airlock.results.RunQuery;
import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import airlock.results.SubjectFilter;
import airlock.text.SafeText;
import airlock.text.TextStyle.StyledText;
import airlock.web.ShownRepository.ShownRepositories;
import io.javalin.http.Context;
import io.javalin.http.GoneResponse;
import io.javalin.http.HttpResponseException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
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

    Api(WebParts parts, Lookup lookup) {
        this.parts = parts;
        this.lookup = lookup;
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
                                Show.query(query.text("repository")),
                                Show.query(query.text("subject")),
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
        var found = lookup.run(ctx);
        answer(ctx, ApiJson.wholeRun(found.repository(), found.run()));
    }

    private void log(Context ctx) {
        var query = new ApiQuery(ctx);
        long from = query.number("from", 0, Long.MAX_VALUE, 0);
        long bytes = query.number("bytes", 1, MAX_LOG_BYTES, DEFAULT_LOG_BYTES);
        var found = lookup.run(ctx);
        if (found.run().logRemoved().isPresent()) {
            throw new GoneResponse();
        }
        answer(ctx, ApiLog.read(parts.logs().open(found.place().run()), from, bytes));
    }

    private void artifacts(Context ctx) {
        int from = (int) new ApiQuery(ctx).number("from", 0, Integer.MAX_VALUE, 0);
        var place = lookup.run(ctx).place();
        answer(ctx, ApiFiles.json(place.run(), lookup.artifacts(ctx, place, from)));
    }

    /// `GET /runs/{id}/artifacts/{path}`, the same for pages and API.
    void artifact(Context ctx) {
        Exchange.of(ctx).keep(ReadBudget.STREAM);
        String path = ctx.pathParam("path");
        ArtifactRoute.answer(ctx, path, lookup.artifact(ctx, path));
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
                        .formatted(Show.query(query.text("repository")), limit);
        answer(
                ctx,
                ApiJson.object()
                        .set("requests", ApiJson.array(chosen.requests(found, ApiJson::request)))
                        .put("next", more ? BASE + next + ended.get(limit - 1).id() : null));
    }

    private void request(Context ctx) {
        answer(ctx, ApiJson.wholeRequest(lookup.request(ctx)));
    }

    /// Only ASCII, so that a terminal that shows the answer obeys none of it.
    private static void answer(Context ctx, ObjectNode value) {
        ctx.contentType("application/json");
        ctx.header("Cache-Control", "no-cache");
        Etag.answer(ctx, Json.ASCII.writeValueAsBytes(value));
    }

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
                    .put("url", url + "/" + Show.path(file.path()));
        }
    }

    /// Renders a range of a run's log for the API. Offsets are bytes of the log file, as in pages
    /// and live logs.
    static final class ApiLog {
        /// Limits of one answer: bytes of JSON and chunks.
        private static final int MAX_JSON = 1 << 20;

        private static final int MAX_CHUNKS = 2000;

        /// Bytes of JSON that a chunk takes without its text.
        private static final int FIELDS = 160;

        private ApiLog() {}

        /// Reads from `from` on, up to the chunk that reaches `bytes` of the log or a limit above.
        static ObjectNode read(OpenLog log, long from, long bytes) {
            boolean complete = log.isComplete(); // before the size: then nothing is added behind it
            long size = log.size();
            var reader = new LogReader();
            reader.prime(log, from);
            var chunks = new ArrayList<ObjectNode>();
            long first = Math.min(from, size);
            long at = first;
            long json = 0;
            for (var chunk : log.from(from)) {
                String text = StyledText.plain(reader.read(chunk).text());
                first = chunks.isEmpty() ? chunk.offset() : first;
                chunks.add(chunk(chunk, text));
                json += FIELDS + length(text);
                at = chunk.next();
                if (json >= MAX_JSON || chunks.size() >= MAX_CHUNKS || at - first >= bytes) {
                    break;
                }
            }
            return ApiJson.object()
                    .put("from", first)
                    .put("next", at)
                    // clients need not wait for the rest of a frame that a crash cut short
                    .put("size", chunks.isEmpty() ? at : Math.max(size, at))
                    .put("complete", complete)
                    .set("chunks", ApiJson.array(chunks));
        }

        /// How many bytes a text takes in JSON that is only ASCII.
        private static int length(String text) {
            return text.chars()
                    .map(c -> c >= 0x7f ? 6 : c < ' ' || c == '"' || c == '\\' ? 2 : 1)
                    .sum();
        }

        private static ObjectNode chunk(LogChunk chunk, String text) {
            var step = chunk.step();
            return ApiJson.object()
                    .put("offset", chunk.offset())
                    .put("next", chunk.next())
                    .put("phase", step.phase().key())
                    .put("attempt", step.attempt())
                    .put("step", step.isNotes() ? null : Integer.valueOf(step.step()))
                    .put(
                            "stream",
                            switch (chunk.stream()) {
                                case 1 -> "stdout";
                                case LogChunk.STDERR -> "stderr";
                                case LogChunk.TRACE -> "trace";
                                default -> "airlock";
                            })
                    .put("at_seconds", ApiJson.seconds(chunk.at()))
                    .put("text", text);
        }
    }

    /// `/runs/{id}/artifacts/{path}`: one file, sent so that no browser opens it (H5).
    static final class ArtifactRoute {
        private ArtifactRoute() {}

        static void answer(Context ctx, String path, Artifacts.Content content) {
            ctx.contentType("application/octet-stream");
            ctx.header("Content-Security-Policy", SecurityHeaders.CSP_SEALED);
            ctx.header("Content-Disposition", disposition(path));
            ctx.header("Cache-Control", "no-cache");
            ctx.res().setContentLengthLong(content.size());
            try (var bytes = content.bytes();
                    var out = ctx.res().getOutputStream()) {
                bytes.transferTo(out);
                out.flush();
            } catch (IOException e) {
                // the client disconnected or was too slow
            }
        }

        /// RFC 6266: an ASCII name for old browsers, and the real one encoded.
        static String disposition(String path) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
            String encoded = Show.path(name).replace("*", "%2A");
            return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
        }
    }

    /// The query parameters of API requests. Invalid ones are refused with a message: a program
    /// that got an empty list instead would not notice.
    record ApiQuery(Context ctx) {
        private static final int LONGEST = 1200;
        private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

        static final class WrongParameter extends HttpResponseException {
            WrongParameter(String message) {
                super(400, message);
            }
        }

        /// A text; empty if it is missing.
        String text(String name) {
            String value = ctx.queryParam(name);
            if (value != null && value.length() > LONGEST) {
                throw new WrongParameter(
                        "'%s' has %d characters; at most %d are allowed"
                                .formatted(name, value.length(), LONGEST));
            }
            return value == null ? "" : value;
        }

        /// A number from `least` to `most`; `otherwise` if it is missing.
        long number(String name, long least, long most, long otherwise) {
            String value = text(name);
            if (value.isEmpty()) {
                return otherwise;
            }
            if (!NUMBER.matcher(value).matches()
                    || Long.parseLong(value) < least
                    || Long.parseLong(value) > most) {
                throw new WrongParameter(
                        "'%s' must be a whole number from %d to %d".formatted(name, least, most));
            }
            return Long.parseLong(value);
        }

        /// The id of a run or request; empty if it is missing.
        String id(String name) {
            String value = text(name);
            if (!value.isEmpty() && !Lookup.isId(value)) {
                throw new WrongParameter("'%s' must be an id: 20 of a-z and 2-7".formatted(name));
            }
            return value;
        }

        SubjectFilter subject() {
            return SubjectFilter.of(text("subject"))
                    .orElseThrow(
                            () ->
                                    new WrongParameter(
                                            "'subject' must be a branch (main), a full ref"
                                                    + " (refs/tags/v1) or a change request (#7, in a URL"
                                                    + " %237)"));
        }
    }
}
