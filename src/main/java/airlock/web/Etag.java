package airlock.web;

import io.javalin.http.Context;
import io.javalin.http.HttpStatus;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Entity tags (RFC 9110 §8.8.3): weak ones, since a compressed answer has other bytes.
final class Etag {
    private static final int DIGITS = 20;

    private Etag() {}

    /// Answers with `body`, or with 304 where the client has it already.
    static void answer(Context ctx, byte[] body) {
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
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(body);
            return HexFormat.of().formatHex(digest).substring(0, DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
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
