package airlock.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// `POST /hooks/{forge}/{repository…}`: hands it on and sends the answer.
final class HookRoute {
    private final HookHandler handler;

    HookRoute(HookHandler handler) {
        this.handler = handler;
    }

    void handle(Context ctx) throws IOException {
        var body = ctx.req().getInputStream();
        var answer =
                handler.handle(
                        new HookHandler.Request(
                                ctx.pathParam("forge"),
                                ctx.pathParam("repository"),
                                headers(ctx),
                                body));
        answer.headers().forEach(ctx::header);
        ctx.header("Cache-Control", "no-store");
        if (!body.isFinished()) {
            // what was refused unread still comes, so the connection can't be used again
            ctx.header("Connection", "close");
        }
        ctx.status(answer.status()).contentType(answer.contentType()).result(answer.body());
    }

    private static Map<String, List<String>> headers(Context ctx) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(ctx.req().getHeaderNames())) {
            headers.put(name, Collections.list(ctx.req().getHeaders(name)));
        }
        return headers;
    }
}
