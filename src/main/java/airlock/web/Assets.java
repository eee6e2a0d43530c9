package airlock.web;

import io.javalin.http.Context;
import io.javalin.http.NotFoundResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The style sheet, the script and the icon, read once from the class path. Their URLs on pages
/// have a hash of their bytes, so browsers may cache them forever.
public final class Assets {
    private static final Map<String, String> TYPES =
            Map.of(
                    "airlock.css", "text/css; charset=utf-8",
                    "live.js", "text/javascript; charset=utf-8",
                    "icon.svg", "image/svg+xml; charset=utf-8");

    private final Map<String, Asset> assets = new LinkedHashMap<>();

    private record Asset(String type, byte[] bytes, String hash) {}

    Assets() {
        TYPES.forEach((name, type) -> assets.put(name, read(name, type)));
    }

    /// A file of the class path that is part of an answer.
    static String text(String name) {
        return new String(read(name, "").bytes(), StandardCharsets.UTF_8);
    }

    public String url(String name) {
        return "/static/" + name + "?v=" + find(name).orElseThrow().hash();
    }

    void answer(Context ctx) {
        var asset = find(ctx.pathParam("name")).orElseThrow(NotFoundResponse::new);
        boolean exact = asset.hash().equals(ctx.queryParam("v"));
        ctx.contentType(asset.type());
        ctx.header("Cache-Control", exact ? "public, max-age=31536000, immutable" : "no-cache");
        Etag.answer(ctx, asset.bytes());
    }

    private Optional<Asset> find(String name) {
        return Optional.ofNullable(assets.get(name));
    }

    private static Asset read(String name, String type) {
        try (var input = Assets.class.getResourceAsStream(name)) {
            if (input == null) {
                throw new IllegalStateException("the build left out airlock/web/" + name);
            }
            byte[] bytes = input.readAllBytes();
            return new Asset(type, bytes, Etag.hash(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException("can't read airlock/web/" + name, e);
        }
    }
}
