package airlock.web;

import airlock.base.Hash;
import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.time.Duration;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Entity tags (RFC 9110 §8.8.3), weak since a compressed answer has other bytes.
final class Etag {
    private static final int DIGITS = 20;

    private Etag() {}

    /// How long a client may take to read an answer.
    private static final Duration WHOLE = Duration.ofSeconds(60);

    /// Answers with `body`, or with 304 if the client has it.
    static void answer(Context ctx, byte[] body) {
        Exchange.of(ctx).built(body.length, WHOLE);
        String tag = "W/\"" + hash(body) + "\"";
        ctx.header("ETag", tag);
        if (matches(ctx.header("If-None-Match"), tag)) {
            ctx.status(HttpStatus.NOT_MODIFIED);
        } else {
            ctx.result(body);
        }
    }

    /// The first digits of SHA-256, hex.
    static String hash(byte[] body) {
        return Hash.sha256(body).substring(0, DIGITS);
    }

    private static boolean matches(@Nullable String header, String tag) {
        return header != null
                && Arrays.stream(header.split(",", -1))
                        .map(String::strip)
                        .anyMatch(
                                wanted ->
                                        wanted.equals("*")
                                                || wanted.equals(tag)
                                                || ("W/" + wanted).equals(tag));
    }
}
