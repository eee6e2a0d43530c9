package airlock.web;

import airlock.event.TooSlowException;
import airlock.web.Api.ApiQuery;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.ServiceUnavailableResponse;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sends errors: a page to browsers, RFC 9457 to programs; only the status and what to do.
final class Errors {
    private static final Logger LOG = LoggerFactory.getLogger(Errors.class);

    private final PageTemplates templates;

    Errors(PageTemplates templates) {
        this.templates = templates;
    }

    private void answer(Context ctx, int status) {
        answer(ctx, HttpProblem.of(status));
    }

    private void answer(Context ctx, HttpProblem problem) {
        ctx.status(problem.status());
        String accepted = ctx.header("Accept");
        boolean api = ctx.path().startsWith(Api.BASE + "/");
        if (!api && accepted != null && accepted.contains("text/html")) {
            templates.answer(ctx, "error", problem);
        } else {
            ctx.contentType(HttpProblem.CONTENT_TYPE).result(problem.json());
        }
        ctx.header("Cache-Control", "no-store");
    }

    /// The server has no room for a request now.
    static HttpResponseException busy(long retrySeconds) {
        return new ServiceUnavailableResponse(
                "busy", Map.of("Retry-After", Long.toString(retrySeconds)));
    }

    /// There is nothing for the client here or now, or its request is wrong.
    void refused(HttpResponseException e, Context ctx) {
        var details = e.getDetails();
        Optional.ofNullable(details.get("availableMethods"))
                .ifPresent(methods -> ctx.header("Allow", methods));
        Optional.ofNullable(details.get("Retry-After"))
                .ifPresent(seconds -> ctx.header("Retry-After", seconds));
        answer(
                ctx,
                e instanceof ApiQuery.WrongParameter
                        ? new HttpProblem("Bad Request", 400, String.valueOf(e.getMessage()))
                        : HttpProblem.of(e.getStatus()));
    }

    void busy(TooSlowException e, Context ctx) {
        LOG.atWarn().addKeyValue("path", ctx.path()).log("{}", String.valueOf(e.getMessage()));
        if (!ctx.res().isCommitted()) {
            ctx.header("Retry-After", "5");
            answer(ctx, 503);
        }
    }

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
