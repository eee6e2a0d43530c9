package airlock.web;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.Utf8ByteOutput;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/// Renders the templates of `src/main/jte`, which the build compiles.
final class PageTemplates {
    private final TemplateEngine engine =
            TemplateEngine.createPrecompiled(
                    null,
                    ContentType.Html,
                    PageTemplates.class.getClassLoader(),
                    "airlock.web.page");
    private final Assets assets;
    private final InstantSource clock;
    private final Duration whole;

    /// @param whole how long a client may take to read a page
    PageTemplates(Assets assets, InstantSource clock, Duration whole) {
        this.whole = whole;
        this.assets = assets;
        this.clock = clock;
    }

    /// Answers with the template `name`, whose parameters are `page`, `show` and `assets`.
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
