package airlock.web;

import airlock.event.StyledText;
import airlock.event.Texts;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// `/runs/{id}/log.txt`: the whole log as plain text, one heading a step. Colours are left out as
/// all escape sequences are, since the text may end in a terminal (H5).
final class LogText {
    private static final int PIECE = 64 << 10;

    private final SlowClients slowClients;

    LogText(SlowClients slowClients) {
        this.slowClients = slowClients;
    }

    void answer(Context ctx, RunView run, LogSource.RunLog log) {
        ctx.contentType("text/plain; charset=utf-8").header("Cache-Control", "no-cache");
        try {
            write(slowClients.guarded(ctx), run, log);
        } catch (IOException e) {
            // the client went away, or was too slow: nobody is left to be told
        }
    }

    private static void write(OutputStream out, RunView run, LogSource.RunLog log)
            throws IOException {
        var titles = titles(run);
        var reader = new LogReader();
        long end = log.size();
        long at = 0;
        String before = "";
        while (at < end) {
            var chunks = log.read(at, PIECE);
            if (chunks.isEmpty()) {
                break;
            }
            for (var chunk : chunks) {
                var piece = reader.read(chunk);
                String id = piece.step().id();
                if (!id.equals(before)) {
                    out.write(utf8(heading(piece.step(), titles, before.isEmpty())));
                    before = id;
                }
                out.write(utf8(StyledText.plain(piece.text())));
                at = chunk.next();
            }
        }
        out.flush();
    }

    private static String heading(StepKey step, Map<StepKey, String> titles, boolean first) {
        String title = titles.getOrDefault(step, step.plainTitle());
        return (first ? "" : "\n") + "--- " + step.phase().key() + ": " + title + "\n";
    }

    private static Map<StepKey, String> titles(RunView run) {
        Map<StepKey, String> titles = new HashMap<>();
        for (var phase : run.phases()) {
            for (var step : phase.steps()) {
                var key = new StepKey(phase.phase(), phase.attempt(), step.number());
                titles.put(key, Texts.line(LogSection.title(key, step.title())));
            }
        }
        return titles;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
