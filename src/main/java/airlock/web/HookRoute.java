package airlock.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// `POST /hooks/{forge}/{repository…}`: bounds the body and hands it on.
final class HookRoute {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HookHandler handler;
    private final ByteBudget budget;
    private final BodyReader reader;

    HookRoute(HookHandler handler, WebSettings settings) {
        this.handler = handler;
        this.budget = new ByteBudget(settings.bodyBytes());
        this.reader = new BodyReader(settings.slowest(), PATIENCE);
    }

    void handle(Context ctx) throws IOException, InterruptedException {
        String forge = ctx.pathParam("forge");
        var request = ctx.req();
        try (var lease = budget.lease()) {
            var body =
                    reader.read(
                            request.getInputStream(),
                            request.getContentLengthLong(),
                            handler.longestBody(forge),
                            lease);
            switch (body) {
                case BodyReader.Body.Whole whole -> answer(ctx, forge, whole.bytes());
                case BodyReader.Body.TooLong _ -> refuse(ctx, Problem.of(413));
                case BodyReader.Body.TooSlow _ -> refuse(ctx, Problem.of(408));
                case BodyReader.Body.NoRoom _ -> {
                    ctx.header("Retry-After", "10");
                    refuse(ctx, Problem.of(503));
                }
                case BodyReader.Body.Broken _ -> refuse(ctx, Problem.of(400));
            }
        }
    }

    private void answer(Context ctx, String forge, byte[] body) {
        var answer =
                handler.handle(
                        new HookHandler.Request(
                                forge, ctx.pathParam("repository"), headers(ctx), body));
        answer.headers().forEach(ctx::header);
        ctx.header("Cache-Control", "no-store");
        ctx.status(answer.status()).contentType(answer.contentType()).result(answer.body());
    }

    /// The rest of the body is not read, so the connection can't be used again.
    private static void refuse(Context ctx, Problem problem) {
        ctx.header("Connection", "close");
        ctx.header("Cache-Control", "no-store");
        ctx.status(problem.status()).contentType(Problem.CONTENT_TYPE).result(problem.json());
    }

    private static Map<String, List<String>> headers(Context ctx) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(ctx.req().getHeaderNames())) {
            headers.computeIfAbsent(name.toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                    .addAll(Collections.list(ctx.req().getHeaders(name)));
        }
        return headers;
    }
}
