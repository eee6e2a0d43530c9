package airlock.web;

import io.javalin.http.Context;
import java.io.IOException;

/// `/runs/{id}/artifacts/{path}`: one file, sent so that no browser opens it (H5).
final class ArtifactRoute {
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
        String encoded = Urls.path(name).replace("*", "%2A");
        return "attachment; filename=\"" + plain + "\"; filename*=UTF-8''" + encoded;
    }
}
