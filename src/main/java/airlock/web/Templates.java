package airlock.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Fills the templates of `src/main/jte`, which the build has made classes of.
final class Templates {
    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(
                    null, ContentType.Html, Templates.class.getClassLoader(), "airlock.web.page");
    private final Assets assets;
    private final InstantSource clock;
    private final Duration whole;

    /// @param whole how long a client may take for a page
    Templates(Assets assets, InstantSource clock, Duration whole) {
        this.whole = whole;
        this.assets = assets;
        this.clock = clock;
    }

    /// Answers with the page `name`, which gets `page`, `show` and `assets`.
    void answer(Context ctx, String name, Object page) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("page", page);
        parameters.put("show", new Show(clock.instant()));
        parameters.put("assets", assets);
        var output = new Utf8ByteOutput();
        engine.render(name + ".jte", parameters, output);
        ctx.contentType("text/html; charset=utf-8");
        ctx.header("Cache-Control", "no-cache");
        byte[] bytes = output.toByteArray();
        Exchange.of(ctx).built(bytes.length, whole);
        ctx.result(bytes);
    }
}
