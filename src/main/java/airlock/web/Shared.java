package airlock.web;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.time.Duration;

/// Serves a request with a share of the [ReadBudget], or refuses it.
final class Shared {
    /// What one address may read at once: people behind one address follow many runs.
    private static final int MOST = 100;

    private final ReadBudget budget;
    private final Errors errors;
    private final PerAddress readers = new PerAddress(MOST);

    Shared(ReadBudget budget, Errors errors) {
        this.budget = budget;
        this.errors = errors;
    }

    /// @param bytes that `handler` takes at most
    Handler of(long bytes, Handler handler) {
        return ctx -> {
            var exchange = Exchange.of(ctx);
            if (!readers.enter(exchange.address(), Duration.ZERO)) {
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
                readers.leave(exchange.address());
            }
        };
    }

    private void refuse(Context ctx) {
        ctx.header("Retry-After", Long.toString(budget.patienceSeconds()));
        errors.answer(ctx, 503);
    }
}
