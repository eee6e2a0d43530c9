package airlock.web;

import airlock.base.Json;
import airlock.forge.Headers;
import airlock.webhook.HookAnswer;
import airlock.webhook.WebhookIntake.HookRequest;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.eclipse.jetty.io.EndPoint;

/// `POST /hooks/{forge}/{repository…}`: passes webhooks on and sends the answers.
final class HookRoute {
    /// How long a client may stall while sending a body before its connection is closed.
    private static final Duration MAX_STALL = Duration.ofSeconds(5);

    /// Deliveries that one address may send at once. Forges take milliseconds for each; a client
    /// that drips keeps its place for half a minute.
    private static final int PER_ADDRESS = 16;

    /// How long a further delivery of the same address waits.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final BiFunction<HookRequest, InputStream, HookAnswer> hooks;
    private final Quota bodies = new Quota(Long.MAX_VALUE, PER_ADDRESS);

    HookRoute(BiFunction<HookRequest, InputStream, HookAnswer> hooks) {
        this.hooks = hooks;
    }

    void handle(Context ctx) throws IOException {
        var address = Exchange.of(ctx).address();
        if (!bodies.take(address, 1, PATIENCE)) {
            // the body is unread, so the connection can't be reused
            ctx.header("Connection", "close");
            throw Errors.busy(10);
        }
        try {
            deliver(ctx);
        } finally {
            bodies.release(address, 1);
        }
    }

    private void deliver(Context ctx) throws IOException {
        var body = ctx.req().getInputStream();
        var request =
                new HookRequest(
                        "POST",
                        ctx.pathParam("forge") + "/" + ctx.pathParam("repository"),
                        Headers.of(headers(ctx)));
        var answer = hooks.apply(request, new StallTimeout(body, Exchange.of(ctx).connection()));
        ctx.header("Cache-Control", "no-store");
        if (!body.isFinished()) {
            // a body that was refused unread still arrives, so the connection can't be used again
            ctx.header("Connection", "close");
        }
        answer(ctx.status(answer.status()), answer);
    }

    private static void answer(Context ctx, HookAnswer answer) {
        switch (answer) {
            case HookAnswer.Accepted(URI request) -> request(ctx, "requested", request);
            case HookAnswer.Known(URI request) -> request(ctx, "known", request);
            case HookAnswer.NothingToDo(String reason) ->
                    json(ctx, Map.of("outcome", "nothing to do", "reason", reason));
            case HookAnswer.Refused(int status, String detail) -> problem(ctx, status, detail);
            case HookAnswer.Unavailable(String detail, Duration retryAfter) ->
                    problem(
                            ctx.header("Retry-After", Long.toString(retryAfter.toSeconds())),
                            answer.status(),
                            detail);
        }
    }

    private static void request(Context ctx, String outcome, URI request) {
        json(
                ctx.header("Location", request.toString()),
                Map.of("outcome", outcome, "request", request.toString()));
    }

    private static void json(Context ctx, Map<String, String> body) {
        ctx.contentType("application/json").result(Json.bytes(body));
    }

    private static void problem(Context ctx, int status, String detail) {
        String title = HttpStatus.forStatus(status).getMessage();
        ctx.contentType(HttpProblem.CONTENT_TYPE)
                .result(new HttpProblem(title, status, detail).json());
    }

    private static final class StallTimeout extends FilterInputStream {
        private final EndPoint connection;

        StallTimeout(InputStream body, EndPoint connection) {
            super(body);
            this.connection = connection;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            long usual = connection.getIdleTimeout();
            connection.setIdleTimeout(Math.min(usual, MAX_STALL.toMillis()));
            try {
                return super.read(into, offset, length);
            } finally {
                connection.setIdleTimeout(usual);
            }
        }
    }

    private static Map<String, List<String>> headers(Context ctx) {
        return Collections.list(ctx.req().getHeaderNames()).stream()
                .distinct()
                .collect(
                        Collectors.toMap(
                                name -> name,
                                name -> Collections.list(ctx.req().getHeaders(name))));
    }
}
