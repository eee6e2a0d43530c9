package airlock.web;

import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.EndPoint;

/// Closes the connections of clients that don't take what they asked for. The server's own
/// time-out watches for silence only; a client that takes a byte now and then would hold its
/// thread and its connection for as long as it likes.
final class SlowClients implements AutoCloseable {
    /// The request attribute under which the connection is found.
    static final String CONNECTION = "airlock.connection";

    private static final int PIECE = 64 << 10;

    private final Duration slowest;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("airlock-slow-clients").daemon().factory());

    /// @param slowest how long a client may take for one piece
    SlowClients(Duration slowest) {
        this.slowest = slowest;
    }

    /// The response's body, with each piece of 64 KiB under that limit.
    OutputStream guarded(Context ctx) throws IOException {
        var connection = (EndPoint) ctx.req().getAttribute(CONNECTION);
        return new Guarded(ctx.res().getOutputStream(), connection);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private final class Guarded extends OutputStream {
        private final OutputStream out;
        private final EndPoint connection;

        Guarded(OutputStream out, EndPoint connection) {
            this.out = out;
            this.connection = connection;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b});
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            for (int done = 0; done < length; done += PIECE) {
                int piece = Math.min(PIECE, length - done);
                var limit = limit();
                try {
                    out.write(bytes, offset + done, piece);
                } finally {
                    limit.cancel(false);
                }
            }
        }

        @Override
        public void flush() throws IOException {
            var limit = limit();
            try {
                out.flush();
            } finally {
                limit.cancel(false);
            }
        }

        private ScheduledFuture<?> limit() {
            return timer.schedule(
                    () -> connection.close(new IOException("the client takes too long")),
                    slowest.toMillis(),
                    TimeUnit.MILLISECONDS);
        }
    }
}
