package airlock.web;

import airlock.event.TooSlowException;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says what is wrong: to browsers with a page, to programs with RFC 9457. Never more than the
/// status and what can be done.
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private final Templates templates;

    Errors(Templates templates) {
        this.templates = templates;
    }

    void answer(Context ctx, int status) {
        answer(ctx, Problem.of(status));
    }

    void answer(Context ctx, Problem problem) {
        ctx.status(problem.status());
        String accepted = ctx.header("Accept");
        boolean api = ctx.path().startsWith(Api.BASE + "/");
        if (!api && accepted != null && accepted.contains("text/html")) {
            templates.answer(ctx, "error", problem);
        } else {
            ctx.contentType(Problem.CONTENT_TYPE).result(problem.json());
        }
        ctx.header("Cache-Control", "no-store");
    }

    /// What Javalin itself refuses: no such route, wrong method.
    void refused(HttpResponseException e, Context ctx) {
        String methods = e.getDetails().get("availableMethods");
        if (methods != null) {
            ctx.header("Allow", methods);
        }
        answer(ctx, e.getStatus());
    }

    /// A parameter that can't be meant.
    void wrong(ApiQuery.WrongParameter e, Context ctx) {
        answer(ctx, new Problem("Bad Request", 400, String.valueOf(e.getMessage())));
    }

    /// What takes too long, since too much is asked for at once.
    void busy(TooSlowException e, Context ctx) {
        LOG.atWarn().addKeyValue("path", ctx.path()).log("{}", String.valueOf(e.getMessage()));
        if (!ctx.res().isCommitted()) {
            ctx.header("Retry-After", "5");
            answer(ctx, 503);
        }
    }

    /// What should not happen.
    void fault(Exception e, Context ctx) {
        LOG.atError()
                .addKeyValue("method", ctx.method())
                .addKeyValue("path", ctx.path())
                .setCause(e)
                .log("a request failed");
        if (!ctx.res().isCommitted()) {
            answer(ctx, 500);
        }
    }
}
