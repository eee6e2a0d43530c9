package airlock.web;

import airlock.results.LogSource;
import airlock.results.RunView;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;

/// A run's whole log as one file: `/runs/{id}/log.txt`, `log.jsonl` and `log.html`.
final class LogFiles {
    private final Pages pages;
    private final LogSource logs;
    private final Errors errors;

    LogFiles(Pages pages, LogSource logs, Errors errors) {
        this.pages = pages;
        this.logs = logs;
        this.errors = errors;
    }

    void text(Context ctx) {
        answer(ctx, LogFormat.TEXT);
    }

    void records(Context ctx) {
        answer(ctx, LogFormat.JSON);
    }

    void html(Context ctx) {
        ctx.header("Content-Disposition", "attachment; filename=\"run-log.html\"");
        answer(ctx, LogFormat.HTML);
    }

    private void answer(Context ctx, LogFormat format) {
        pages.withRun(
                ctx,
                (repository, run) -> {
                    try {
                        var log = logs.open(run.head().id()).orElse(null);
                        if (log == null) {
                            ctx.removeHeader("Content-Disposition");
                            errors.answer(ctx, run.logRemoved().isPresent() ? 410 : 404);
                        } else {
                            ctx.contentType(format.type()).header("Cache-Control", "no-cache");
                            Exchange.of(ctx).keep(ReadBudget.STREAM + run.memory());
                            write(ctx.res().getOutputStream(), format, repository, run, log);
                        }
                    } catch (IOException e) {
                        // the client went away, or was too slow: nobody is left to be told
                    }
                });
    }

    private static void write(
            OutputStream out,
            LogFormat format,
            ShownRepository repository,
            RunView run,
            LogSource.OpenLog log)
            throws IOException {
        format.write(out, repository.path(), run, log);
        out.flush();
    }
}
