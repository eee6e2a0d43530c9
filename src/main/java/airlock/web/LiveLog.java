package airlock.web;

import airlock.base.Json;
import airlock.event.RunId;
import airlock.results.Mark;
import airlock.results.RunView;
import airlock.results.StoredLogs;
import airlock.results.StoredLogs.LogChunk;
import airlock.results.StoredLogs.OpenLog;
import airlock.results.Times;
import airlock.results.Views;
import airlock.text.SafeText;
import airlock.web.LogRange.LineBuilder;
import airlock.web.RunPage.PhaseBox;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

        /// Checks access once per heartbeat: the token may have been revoked, or the repository
        /// made private. Then the stream ends without an `end` event.
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

    /// Caches runs for their live readers: a run is read at most once a second, even with a
    /// thousand readers. Cached runs count against the [ReadBudget].
    static final class Snapshots {
        private static final Duration MOMENT = Duration.ofSeconds(1);
        private static final String SHARED = "live";

        private final Views views;
        private final ReadBudget budget;
        private final InstantSource clock;
        private final Map<RunId, Snapshot> kept = new HashMap<>();

        Snapshots(Views views, ReadBudget budget, InstantSource clock) {
            this.views = views;
            this.budget = budget;
            this.clock = clock;
        }

        /// @param state its [LiveState] as JSON
        /// @param tag changes with the state, but not with time alone
        record Live(byte[] state, String tag, boolean isOver, String word) {}

        private record Snapshot(Optional<Live> run, long nanos, ReadBudget.Share share) {
            /// Gives back its share if it is old.
            boolean isOld() {
                boolean old = System.nanoTime() - nanos >= MOMENT.toNanos();
                if (old) {
                    share.close();
                }
                return old;
            }
        }

        /// A run, at most a second old; empty if it does not exist or the budget is used up.
        synchronized Optional<Live> run(RunId id) {
            kept.values().removeIf(Snapshot::isOld);
            var fresh = kept.get(id);
            return fresh == null
                    ? budget.takeNow(SHARED, ReadBudget.BUILDING).flatMap(share -> look(id, share))
                    : fresh.run;
        }

        private Optional<Live> look(RunId id, ReadBudget.Share share) {
            try {
                var run = views.run(id).map(this::live);
                share.keep(run.map(live -> live.state().length).orElse(0));
                kept.put(id, new Snapshot(run, System.nanoTime(), share));
                return run;
            } catch (RuntimeException e) {
                share.close();
                throw e;
            }
        }

        private Live live(RunView run) {
            var state = LiveState.of(run, clock.instant());
            return new Live(
                    Json.bytes(state),
                    Etag.hash(Json.bytes(LiveState.timeless(run))),
                    run.head().isOver(),
                    run.head().mark().word());
        }

        /// The state of a run for live pages: the JSON of a `state` event. Plain text, no markup.
        record LiveState(Part run, List<Part> phases, List<Step> steps) {
            LiveState {
                phases = List.copyOf(phases);
                steps = List.copyOf(steps);
            }

            /// The run or a phase.
            ///
            /// @param id the element's id
            /// @param took for people; empty if it has not begun
            /// @param since for how many seconds it has been running; -1 if it is not running
            record Part(
                    String id, String mark, String word, String took, long since, String reason) {}

            /// @param phase the id of its phase's element
            record Step(
                    String id,
                    String phase,
                    String mark,
                    String word,
                    String title,
                    String detail) {}

            /// The state without times: two that are equal need no event between them.
            static LiveState timeless(RunView run) {
                return of(run, Instant.EPOCH); // before all starts, so nothing has taken any time
            }

            static LiveState of(RunView run, Instant now) {
                var boxes = PhaseBox.of(run, LogRange.NONE);
                var head = run.head();
                return new LiveState(
                        part("run", head.mark(), head.times(), head.reason(), now),
                        boxes.stream()
                                .map(
                                        box ->
                                                part(
                                                        "phase-" + box.start().phase().key(),
                                                        box.mark(),
                                                        box.start().times(),
                                                        box.start().reason(),
                                                        now))
                                .toList(),
                        boxes.stream()
                                .flatMap(box -> box.sections().stream())
                                .map(LiveState::step)
                                .toList());
            }

            private static Part part(
                    String id, Mark mark, Times times, String reason, Instant now) {
                var show = new Show(now);
                return new Part(
                        id,
                        mark.key(),
                        mark.word(),
                        show.took(times),
                        show.goingOnFor(times),
                        SafeText.lines(reason));
            }

            private static Step step(LogSection section) {
                return new Step(
                        section.key().id(),
                        "phase-" + section.phase().key(),
                        section.mark().key(),
                        section.mark().word(),
                        SafeText.line(section.title()),
                        SafeText.line(section.detail()));
            }
        }
    }
}
