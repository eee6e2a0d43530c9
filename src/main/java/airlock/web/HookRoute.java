package airlock.web;

import io.javalin.http.Context;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.io.EndPoint;

/// `POST /hooks/{forge}/{repository…}`: hands it on and sends the answer.
final class HookRoute {
    /// Who sends a body and falls silent holds what is there of it no longer than this.
    private static final Duration SILENCE = Duration.ofSeconds(5);

    /// Deliveries that one address may send at once. A forge is done with each in milliseconds; a
    /// client that drips keeps its place for half a minute.
    private static final int BODIES = 16;

    /// How long one more waits.
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final HookHandler handler;
    private final Errors errors;
    private final PerAddress bodies = new PerAddress(BODIES);

    HookRoute(HookHandler handler, Errors errors) {
        this.handler = handler;
        this.errors = errors;
    }

    void handle(Context ctx) throws IOException {
        var address = Exchange.of(ctx).address();
        if (!bodies.enter(address, PATIENCE)) {
            // unread, so the connection can't be used again
            ctx.header("Connection", "close").header("Retry-After", "10");
            errors.answer(ctx, 503);
            return;
        }
        try {
            deliver(ctx);
        } finally {
            bodies.leave(address);
        }
    }

    private void deliver(Context ctx) throws IOException {
        var body = ctx.req().getInputStream();
        var answer = handle(ctx, body);
        answer.headers().forEach(ctx::header);
        ctx.header("Cache-Control", "no-store");
        if (!body.isFinished()) {
            // what was refused unread still comes, so the connection can't be used again
            ctx.header("Connection", "close");
        }
        ctx.status(answer.status()).contentType(answer.contentType()).result(answer.body());
    }

    private HookHandler.Answer handle(Context ctx, InputStream body) {
        var connection = Exchange.of(ctx).connection();
        return handler.handle(
                new HookHandler.Request(
                        ctx.pathParam("forge"),
                        ctx.pathParam("repository"),
                        headers(ctx),
                        new Impatient(body, connection)));
    }

    /// Allows a connection to be silent for less while it is read from.
    private static final class Impatient extends FilterInputStream {
        private final EndPoint connection;

        Impatient(InputStream body, EndPoint connection) {
            super(body);
            this.connection = connection;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            long usual = connection.getIdleTimeout();
            connection.setIdleTimeout(Math.min(usual, SILENCE.toMillis()));
            try {
                return super.read(into, offset, length);
            } finally {
                connection.setIdleTimeout(usual);
            }
        }
    }

    private static Map<String, List<String>> headers(Context ctx) {
        Map<String, List<String>> headers = new HashMap<>();
        for (String name : Collections.list(ctx.req().getHeaderNames())) {
            headers.put(name, Collections.list(ctx.req().getHeaders(name)));
        }
        return headers;
    }
}
