package airlock.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// `/runs/{id}/artifacts/{path}`: one file, in a way that no browser opens (H5).
final class ArtifactRoute {
    private static final int PIECE = 64 << 10;

    private ArtifactRoute() {}

    static void answer(Context ctx, String path, Artifacts.Content content) {
        ctx.contentType("application/octet-stream");
        ctx.header("Content-Security-Policy", Headers.CSP_SEALED);
        ctx.header("Content-Disposition", disposition(path));
        ctx.header("Cache-Control", "no-cache");
        ctx.res().setContentLengthLong(content.size());
        try (var bytes = content.bytes();
                var out = ctx.res().getOutputStream()) {
            byte[] piece = new byte[PIECE];
            for (int read = bytes.read(piece); read >= 0; read = bytes.read(piece)) {
                out.write(piece, 0, read);
            }
            out.flush();
        } catch (IOException e) {
            // the client went away, or was too slow: nobody is left to be told
        }
    }

    /// RFC 6266: a plain name for old browsers, the true one encoded.
    static String disposition(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1);
        String plain = name.replaceAll("[^A-Za-z0-9._-]", "_");
        String encoded =
                URLEncoder.encode(name, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A");
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
    }
}
