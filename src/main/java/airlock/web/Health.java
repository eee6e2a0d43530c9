package airlock.web;

import airlock.text.SafeText;
import io.javalin.http.Context;

/// `/healthz` and `/readyz`, for monitoring.
final class Health {
    private static final String PLAIN = "text/plain; charset=utf-8";

    private final Readiness readiness;

    Health(Readiness readiness) {
        this.readiness = readiness;
    }

    /// 200 as long as the process answers.
    void alive(Context ctx) {
        ctx.contentType(PLAIN).header("Cache-Control", "no-store").result("ok\n");
    }

    /// 200 if all checks pass, else 503; one line for each check.
    void ready(Context ctx) {
        var text = new StringBuilder();
        boolean ready = true;
        for (var check : readiness.checks()) {
            ready &= check.ready();
            text.append(check.name())
                    .append(check.ready() ? ": ok" : ": not ready")
                    .append(check.detail().isEmpty() ? "" : ", " + SafeText.line(check.detail()))
                    .append('\n');
        }
        ctx.status(ready ? 200 : 503)
                .contentType(PLAIN)
                .header("Cache-Control", "no-store")
                .result(text.toString());
    }
}
