package airlock.web;

import airlock.event.RunId;
import airlock.results.LogChunk;
import airlock.results.LogSource;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// `/runs/{id}/events`: a run's log as it comes, as server-sent events. The id of an event is the
/// byte offset behind its chunk, so a client that comes again with it misses nothing and gets
/// nothing twice.
///
/// Each client has a virtual thread that reads the log file at the client's own pace: the file is
/// its queue, so a slow client costs one chunk of memory.
final class LiveLog {
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration GATHER = Duration.ofMillis(50);
    private static final Duration RETRY = Duration.ofSeconds(2);

    /// How long a log that is never completed is waited for once its run has ended.
    private static final Duration LAST_WORDS = Duration.ofSeconds(10);

    private static final int PIECE = 4 << 10;
    private static final Pattern OFFSET = Pattern.compile("[0-9]{1,18}");

    private final LogSource logs;
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

    /// A piece of log text as the page's script gets it.
    ///
    /// @param step the section's id
    /// @param stderr whether it was written to stderr
    /// @param trace whether it is what bash shows of its commands
    /// @param at seconds since the phase's start
    /// @param text style classes and text, in turns
    record LogEvent(String step, boolean stderr, boolean trace, String at, List<String> text) {}

    /// The last event.
    record EndEvent(String word) {}

    /// @param shown whether the reader may still see the run; asked now and then
    void handle(Context ctx, RunId run, BooleanSupplier shown) {
        if (!places.tryAcquire()) {
            ctx.header("Retry-After", "10");
            errors.answer(ctx, 503);
            return;
        }
        try {
            ctx.contentType("text/event-stream; charset=utf-8");
            ctx.header("Cache-Control", "no-store");
            // nginx would gather the events otherwise
            ctx.header("X-Accel-Buffering", "no");
            var watched = new Watched(shown, heartbeat);
            follow(
                    new EventWriter(ctx.res().getOutputStream()),
                    new Cursor(run, start(ctx), Exchange.of(ctx)),
                    watched);
        } catch (IOException e) {
            // the client went away, or was too slow: it comes again with its last id
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            places.release();
        }
    }

    /// Ends all streams, so that their clients come again to the next server.
    void stop() {
        stopped.countDown();
    }

    private static long start(Context ctx) {
        String last = ctx.header("Last-Event-ID");
        String text = last == null ? ctx.queryParam("from") : last;
        return text != null && OFFSET.matcher(text).matches() ? Long.parseLong(text) : 0;
    }

    private void follow(EventWriter events, Cursor cursor, Watched watched)
            throws IOException, InterruptedException {
        events.retryAfter(RETRY);
        boolean goesOn = true;
        while (goesOn && !isStopped() && watched.isShown()) {
            goesOn = step(events, cursor);
            events.flush();
            events.beat(heartbeat);
            if (goesOn && cursor.isCaughtUp) {
                await(cursor);
            }
        }
    }

    /// Tells what is new; false when that was the last of it.
    private boolean step(EventWriter events, Cursor cursor) throws IOException {
        var found = snapshots.run(cursor.id);
        if (found.isEmpty()) {
            return false;
        }
        var run = found.get();
        if (!run.tag().equals(cursor.told) && cursor.exchange.grow(run.state().length)) {
            cursor.told = run.tag();
            events.event("state", run.state());
            cursor.exchange.keep(ReadBudget.STREAM);
        }
        cursor.open(logs);
        boolean complete = cursor.isComplete();
        for (var chunk : cursor.read()) {
            tell(events, cursor.reader.read(chunk));
        }
        if (!run.isOver() || !cursor.isCaughtUp) {
            return true;
        }
        if (!complete && cursor.mayStillCome()) {
            return true;
        }
        events.event("end", new EndEvent(run.word()));
        return false;
    }

    private static void tell(EventWriter events, LogReader.Piece piece) throws IOException {
        var text =
                piece.text().stream()
                        .flatMap(t -> Stream.of(Show.css(t.style()), t.text()))
                        .toList();
        events.event(
                "log",
                piece.next(),
                new LogEvent(
                        piece.step().id(),
                        piece.stream() == LogChunk.STDERR,
                        piece.stream() == LogChunk.TRACE,
                        LineBuilder.seconds(piece.at()),
                        text));
    }

    private void await(Cursor cursor) throws InterruptedException {
        if (cursor.isComplete()) {
            stopped.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            cursor.awaitMore(LOOK);
            // so that a step that writes line by line doesn't cost each reader an event a line
            stopped.await(GATHER.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0;
    }

    /// Whether a client may still see what it gets: a token may have been revoked, a repository
    /// made private. Asked once a heartbeat; the stream then just ends, and who comes again gets
    /// what anybody gets.
    private static final class Watched {
        private final BooleanSupplier shown;
        private final Duration every;
        private long asked = System.nanoTime();

        Watched(BooleanSupplier shown, Duration every) {
            this.shown = shown;
            this.every = every;
        }

        boolean isShown() {
            if (System.nanoTime() - asked < every.toNanos()) {
                return true;
            }
            asked = System.nanoTime();
            return shown.getAsBoolean();
        }
    }

    /// Where one client is.
    private static final class Cursor {
        private final RunId id;
        private final LogReader reader = new LogReader();
        private LogSource.@Nullable OpenLog log;
        private final Exchange exchange;
        private String told = "";
        private long at;
        private long overSince;
        private boolean isCaughtUp;

        Cursor(RunId id, long at, Exchange exchange) {
            this.id = id;
            this.at = at;
            this.exchange = exchange;
        }

        void open(LogSource logs) {
            if (log == null) {
                log = logs.open(id).orElse(null);
                if (log != null) {
                    reader.prime(log, at);
                }
            }
        }

        /// Whether nothing will be added to what is there, which may be nothing.
        boolean isComplete() {
            return log == null || log.isComplete();
        }

        List<LogChunk> read() {
            var chunks = log == null ? List.<LogChunk>of() : log.read(at, PIECE);
            isCaughtUp = chunks.isEmpty();
            at = isCaughtUp ? at : chunks.getLast().next();
            return chunks;
        }

        void awaitMore(Duration limit) throws InterruptedException {
            if (log != null) {
                log.awaitMore(at, limit);
            }
        }

        boolean mayStillCome() {
            if (overSince == 0) {
                overSince = System.nanoTime();
            }
            return System.nanoTime() - overSince < LAST_WORDS.toNanos();
        }
    }
}
