package airlock.web;

import airlock.base.Json;
import airlock.event.RunId;
import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import airlock.results.StoredLogs;
import airlock.web.LogRange.LineBuilder;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// `/runs/{id}/events`: a run's log as server-sent events, while it is written. The id of an event
/// is the byte offset after its chunk, so a client that reconnects with it misses nothing and gets
/// nothing twice.
///
/// Each client has a virtual thread that reads the log file at the client's pace: the file is the
/// queue, so a slow client costs one chunk of memory.
final class LiveLog {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private static final int PIECE = 4 << 10;
    private static final Pattern OFFSET = Pattern.compile("[0-9]{1,18}");

    private final StoredLogs logs;
    private final Snapshots snapshots;
    private final Duration heartbeat;
    private final Semaphore places;
    private final CountDownLatch stopped = new CountDownLatch(1);

    LiveLog(WebParts parts, WebSettings settings, InstantSource clock) {
        this.logs = parts.logs();
        this.snapshots = new Snapshots(parts.views(), parts.reading(), clock);
        this.heartbeat = settings.heartbeat();
        this.places = new Semaphore(settings.liveLogs());
    }

    /// Log text for the page's script.
    ///
    /// @param at seconds since the start of the phase
    /// @param text CSS classes and text, alternating
    record LogEvent(String step, boolean stderr, boolean trace, String at, List<String> text) {}

    /// @param shown whether the client may still see the run; checked once per heartbeat
    void handle(Context ctx, RunId run, BooleanSupplier shown) {
        if (!places.tryAcquire()) {
            throw Errors.busy(10);
        }
        try {
            ctx.contentType("text/event-stream; charset=utf-8");
            ctx.header("Cache-Control", "no-store");
            // else nginx buffers the events
            ctx.header("X-Accel-Buffering", "no");
            new Client(ctx, run, shown).follow();
        } catch (IOException e) {
            // the client disconnected or was too slow: it reconnects with its last id
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    /// Ends all streams; their clients reconnect to the next server.
    void stop() {
        stopped.countDown();
    }

    private static long start(Context ctx) {
        String last = ctx.header("Last-Event-ID");
        String text = last == null ? ctx.queryParam("from") : last;
        return text != null && OFFSET.matcher(text).matches() ? Long.parseLong(text) : 0;
    }

    /// One client and its place in the log. Writes server-sent events (WHATWG HTML §9.2); data is
    /// JSON on one line, so it has no line breaks.
    private final class Client {
        private final RunId run;
        private final BooleanSupplier shown;
        private final Exchange exchange;
        private final OutputStream out;
        private final OpenLog log;
        private final LogReader reader = new LogReader();
        private String lastTag = "";
        private long at;
        private boolean isCaughtUp;
        private long written;
        private boolean isUnflushed;

        Client(Context ctx, RunId run, BooleanSupplier shown) throws IOException {
            this.run = run;
            this.shown = shown;
            this.exchange = Exchange.of(ctx);
            this.out = ctx.res().getOutputStream();
            this.log = logs.open(run);
            this.at = start(ctx);
            reader.prime(log, at);
        }

        /// Checks access once per heartbeat: the token may have been revoked, or the repository made
        /// private. Then the stream ends without an `end` event.
        void follow() throws IOException, InterruptedException {
            write("retry: " + RETRY.toMillis() + "\n\n");
            long checked = System.nanoTime();
            boolean goesOn = true;
            while (goesOn && stopped.getCount() > 0) {
                if (System.nanoTime() - checked >= heartbeat.toNanos()) {
                    if (!shown.getAsBoolean()) {
                        return;
                    }
                    checked = System.nanoTime();
                }
                goesOn = step();
                if (System.nanoTime() - written >= heartbeat.toNanos()) {
                    write(": still here\n\n");
                }
                flush();
                if (goesOn && isCaughtUp) {
                    log.awaitMore(at, LOOK);
                    // gathers lines, so that a step that writes single lines does not cost an event
                    // for each
                    stopped.await(GATHER.toMillis(), TimeUnit.MILLISECONDS);
                }
            }
        }

        /// Sends what is new; returns false after the last event.
        private boolean step() throws IOException {
            var found = snapshots.run(run);
            if (found.isEmpty()) {
                return false;
            }
            var now = found.get();
            if (!now.tag().equals(lastTag) && exchange.grow(now.state().length)) {
                lastTag = now.tag();
                event("state", now.state());
                exchange.keep(ReadBudget.STREAM);
            }
            var chunks = log.read(at, PIECE);
            for (var chunk : chunks) {
                send(reader.read(chunk));
                at = chunk.next();
            }
            isCaughtUp = chunks.isEmpty();
            if (!now.isOver() || !isCaughtUp) {
                return true;
            }
            event("end", Json.bytes(Map.of("word", now.word())));
            return false;
        }

        /// A client resumes after the last event with an id.
        private void send(LogReader.Piece piece) throws IOException {
            var text =
                    piece.text().stream()
                            .flatMap(t -> Stream.of(Show.css(t.style()), t.text()))
                            .toList();
            write("id: " + piece.chunk().next() + "\n");
            event(
                    "log",
                    Json.bytes(
                            new LogEvent(
                                    piece.step().id(),
                                    piece.chunk().stream() == LogChunk.STDERR,
                                    piece.chunk().stream() == LogChunk.TRACE,
                                    LineBuilder.seconds(piece.chunk().at()),
                                    text)));
        }

        private void event(String name, byte[] json) throws IOException {
            write("event: " + name + "\ndata: ");
            out.write(json);
            write("\n\n");
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            isUnflushed = true;
            written = System.nanoTime();
        }

        private void flush() throws IOException {
            if (isUnflushed) {
                out.flush();
                isUnflushed = false;
            }
        }
    }
}
