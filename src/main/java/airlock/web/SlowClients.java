package airlock.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Closes connections of clients that read too slowly. Jetty's timeout only notices silence: a
/// client that reads a byte now and then would hold a thread, a connection and memory forever.
final class SlowClients extends Handler.Wrapper {
    private static final int PIECE = 64 << 10;

    private final Duration slowest;
    private final ScheduledThreadPoolExecutor timer =
            new ScheduledThreadPoolExecutor(
                    1, Thread.ofPlatform().name("airlock-slow-clients").daemon().factory());

    /// @param slowest how long a client may take to read a piece of 64 KiB
    SlowClients(Duration slowest) {
        this.slowest = slowest;
        timer.setRemoveOnCancelPolicy(true);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        var exchange = Exchange.begin(request);
        boolean handled = false;
        try {
            handled =
                    super.handle(
                            request,
                            new Guarded(request, response, exchange),
                            Callback.from(exchange::close, callback));
            return handled;
        } finally {
            if (!handled) {
                exchange.close();
            }
        }
    }

    void stopTimer() {
        timer.shutdownNow();
    }

    private final class Guarded extends Response.Wrapper {
        private final Exchange exchange;

        Guarded(Request request, Response response, Exchange exchange) {
            super(request, response);
            this.exchange = exchange;
        }

        @Override
        public void write(boolean last, ByteBuffer content, Callback callback) {
            int pieces = content == null ? 1 : 1 + content.remaining() / PIECE;
            long nanos = Math.min(slowest.toNanos() * pieces, Math.max(0, exchange.left()));
            Future<?> limit = timer.schedule(this::cut, nanos, TimeUnit.NANOSECONDS);
            super.write(last, content, Callback.from(() -> limit.cancel(false), callback));
        }

        private void cut() {
            exchange.connection().close(new IOException("the client takes too long"));
        }
    }
}
