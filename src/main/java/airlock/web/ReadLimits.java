package airlock.web;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Duration;

/// Serves requests within the [ReadBudget], and answers 503 if it is used up.
final class ReadLimits {
    /// Requests that one address may have open; people behind one address follow many runs.
    private static final int PER_ADDRESS = 100;

    private final ReadBudget budget;
    private final Errors errors;
    private final Quota readers = new Quota(Long.MAX_VALUE, PER_ADDRESS);

    ReadLimits(ReadBudget budget, Errors errors) {
        this.budget = budget;
        this.errors = errors;
    }

    /// @param bytes the most that `handler` needs
    Handler of(long bytes, Handler handler) {
        return ctx -> {
            var exchange = Exchange.of(ctx);
            if (!readers.take(exchange.address(), 1, Duration.ZERO)) {
                refuse(ctx);
                return;
            }
            try {
                var share = budget.take(exchange.address(), bytes);
                if (share.isEmpty()) {
                    refuse(ctx);
                    return;
                }
                exchange.hold(share.get());
                handler.handle(ctx);
            } finally {
                readers.release(exchange.address(), 1);
            }
        };
    }

    private void refuse(Context ctx) {
        ctx.header("Retry-After", Long.toString(budget.patienceSeconds()));
        errors.answer(ctx, 503);
    }
}
