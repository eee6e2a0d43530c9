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
    private final Errors errors;
    private final Duration heartbeat;
    private final Semaphore places;
    private final CountDownLatch stopped = new CountDownLatch(1);

    LiveLog(WebParts parts, WebSettings settings, Errors errors, InstantSource clock) {
        this.errors = errors;
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
            ctx.header("Retry-After", "10");
            errors.answer(ctx, 503);
            return;
        }
        try {
            ctx.contentType("text/event-stream; charset=utf-8");
            ctx.header("Cache-Control", "no-store");
            // else nginx buffers the events
            ctx.header("X-Accel-Buffering", "no");
            follow(
                    new EventWriter(ctx.res().getOutputStream()),
                    new Cursor(run, logs.open(run), start(ctx), Exchange.of(ctx)),
                    shown);
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

    /// Checks access once per heartbeat: the token may have been revoked, or the repository made
    /// private. Then the stream ends without an `end` event.
    private void follow(EventWriter events, Cursor cursor, BooleanSupplier shown)
            throws IOException, InterruptedException {
        events.retryAfter(RETRY);
        long checked = System.nanoTime();
        boolean goesOn = true;
        while (goesOn && !isStopped()) {
            if (System.nanoTime() - checked >= heartbeat.toNanos()) {
                if (!shown.getAsBoolean()) {
                    return;
                }
                checked = System.nanoTime();
            }
            goesOn = step(events, cursor);
            events.flush();
            events.beat(heartbeat);
            if (goesOn && cursor.isCaughtUp) {
                cursor.log.awaitMore(cursor.at, LOOK);
                // gathers lines, so that a step that writes single lines does not cost an event for
                // each
                stopped.await(GATHER.toMillis(), TimeUnit.MILLISECONDS);
            }
        }
    }

    /// Sends what is new; returns false after the last event.
    private boolean step(EventWriter events, Cursor cursor) throws IOException {
        var found = snapshots.run(cursor.id);
        if (found.isEmpty()) {
            return false;
        }
        var run = found.get();
        if (!run.tag().equals(cursor.lastTag) && cursor.exchange.grow(run.state().length)) {
            cursor.lastTag = run.tag();
            events.event("state", run.state());
            cursor.exchange.keep(ReadBudget.STREAM);
        }
        for (var chunk : cursor.read()) {
            send(events, cursor.reader.read(chunk));
        }
        if (!run.isOver() || !cursor.isCaughtUp) {
            return true;
        }
        events.event("end", Json.bytes(Map.of("word", run.word())));
        return false;
    }

    private static void send(EventWriter events, LogReader.Piece piece) throws IOException {
        var text =
                piece.text().stream()
                        .flatMap(t -> Stream.of(Show.css(t.style()), t.text()))
                        .toList();
        events.event(
                "log",
                piece.chunk().next(),
                new LogEvent(
                        piece.step().id(),
                        piece.chunk().stream() == LogChunk.STDERR,
                        piece.chunk().stream() == LogChunk.TRACE,
                        LineBuilder.seconds(piece.chunk().at()),
                        text));
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    private static final class Cursor {
        private final RunId id;
        private final OpenLog log;
        private final LogReader reader = new LogReader();
        private final Exchange exchange;
        private String lastTag = "";
        private long at;
        private boolean isCaughtUp;

        Cursor(RunId id, OpenLog log, long at, Exchange exchange) {
            this.id = id;
            this.log = log;
            this.at = at;
            this.exchange = exchange;
            reader.prime(log, at);
        }

        List<LogChunk> read() {
            var chunks = log.read(at, PIECE);
            isCaughtUp = chunks.isEmpty();
            at = isCaughtUp ? at : chunks.getLast().next();
            return chunks;
        }
    }

    /// Writes server-sent events (WHATWG HTML §9.2). Data is JSON on one line, so it has no line
    /// breaks.
    static final class EventWriter {
        private final OutputStream out;
        private long written = System.nanoTime();
        private boolean waiting;

        EventWriter(OutputStream out) {
            this.out = out;
        }

        /// How soon the client should reconnect after the connection is lost.
        void retryAfter(Duration pause) throws IOException {
            write("retry: " + pause.toMillis() + "\n\n");
        }

        /// An event with JSON. Only one with an id changes where a client resumes.
        void event(String name, byte[] json) throws IOException {
            write("event: " + name + "\ndata: ");
            out.write(json);
            write("\n\n");
        }

        /// An event after which a client resumes at `id`.
        void event(String name, long id, Object data) throws IOException {
            write("id: " + id + "\n");
            event(name, Json.bytes(data));
        }

        /// Writes a comment if nothing was written for `silence`.
        void beat(Duration silence) throws IOException {
            if (System.nanoTime() - written >= silence.toNanos()) {
                write(": still here\n\n");
                flush();
            }
        }

        void flush() throws IOException {
            if (waiting) {
                out.flush();
                waiting = false;
            }
        }

        private void write(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            waiting = true;
            written = System.nanoTime();
        }
    }
}
