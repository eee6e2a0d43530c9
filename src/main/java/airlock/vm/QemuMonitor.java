package airlock.vm;

import airlock.base.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// QEMU's monitor: speaks QMP over a connected socket. One thread sends commands, one at a time;
/// events arrive on a thread of their own.
final class QemuMonitor implements AutoCloseable {
    private static final int MOST_WAITING = 64;
    private static final Duration MOVE = Duration.ofSeconds(60);
    private static final String GONE = "gone";

    private final SocketChannel channel;
    private final Duration limit;
    private final Consumer<QmpMessage.Event> events;
    private final BlockingQueue<QmpMessage> answers = new LinkedBlockingQueue<>(MOST_WAITING);

    /// States of saving and loading; `completed`, `failed` and [#GONE] are final.
    private final BlockingQueue<String> moves = new LinkedBlockingQueue<>();

    private long lastId;

    /// @param channel connected to QEMU's monitor; closed with this
    /// @param limit how long an answer may take
    /// @param events gets each event, but for those of saving and loading
    QemuMonitor(SocketChannel channel, Duration limit, Consumer<QmpMessage.Event> events) {
        this.channel = channel;
        this.limit = limit;
        this.events = events;
    }

    /// QEMU did not do what it was told. The message says why.
    static final class QemuFailure extends IOException {
        private static final long serialVersionUID = 1;

        QemuFailure(String why) {
            super(why);
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    /// Starts to listen and negotiates the protocol.
    void open() throws QemuFailure, InterruptedException {
        Thread.ofVirtual().name("qmp").start(this::listen);
        QmpMessage first = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (!(first instanceof QmpMessage.Greeting)) {
            throw new QemuFailure("QEMU's monitor did not greet: " + first);
        }
        execute("qmp_capabilities");
    }

    /// Starts the guest, or resumes it.
    void run() throws QemuFailure, InterruptedException {
        execute("cont");
    }

    void pause() throws QemuFailure, InterruptedException {
        execute("stop");
    }

    /// Stops the guest and writes its state, but for its memory, into a file that exists.
    void save(Path file) throws QemuFailure, InterruptedException {
        pause();
        move("migrate", file);
    }

    /// Reads what [#save(Path)] wrote.
    void load(Path file) throws QemuFailure, InterruptedException {
        move("migrate-incoming", file);
    }

    private void move(String command, Path file) throws QemuFailure, InterruptedException {
        // memory that is a file is not copied; `file:`, since the sandbox denies what `exec:`
        // needs; never with mapped-ram, which QEMU 10 can't do together
        var capabilities =
                List.of(
                        Map.of("capability", "x-ignore-shared", "state", true),
                        Map.of("capability", "events", "state", true));
        execute("migrate-set-capabilities", Map.of("capabilities", capabilities));
        var address = Map.of("transport", "file", "filename", file.toString(), "offset", 0);
        var main = Map.of("channel-type", "main", "addr", address);
        execute(command, Map.of("channels", List.of(main)));
        long end = System.nanoTime() + MOVE.toNanos();
        while (true) {
            String status = moves.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            switch (status) {
                case "completed" -> {
                    return;
                }
                case "failed" -> {
                    var values = execute("query-migrate");
                    String why = values.getOrDefault("error-desc", "no reason given");
                    throw new QemuFailure(command + " failed: " + why);
                }
                case GONE -> throw new QemuFailure("QEMU ended during " + command);
                case null -> throw new QemuFailure(command + " took longer than " + MOVE);
                default -> {} // under way
            }
        }
    }

    /// Executes a command without arguments; returns the scalar members of the answer.
    Map<String, String> execute(String command) throws QemuFailure, InterruptedException {
        return execute(command, Map.of());
    }

    private Map<String, String> execute(String command, Map<String, ?> arguments)
            throws QemuFailure, InterruptedException {
        long id = ++lastId;
        var message = Json.MAPPER.createObjectNode().put("execute", command).put("id", id);
        if (!arguments.isEmpty()) {
            message.set("arguments", Json.MAPPER.valueToTree(arguments));
        }
        byte[] line = (message + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            Channels.newOutputStream(channel).write(line);
        } catch (IOException e) {
            throw new QemuFailure("%s cannot be sent: %s".formatted(command, e.getMessage()));
        }
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            switch (answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                case null ->
                        throw new QemuFailure("no answer to %s in %s".formatted(command, limit));
                case QmpMessage.Returned(var of, var values) when of == id -> {
                    return values;
                }
                case QmpMessage.Refused(var of, var reason) when of == id || of < 0 ->
                        throw new QemuFailure(command + ": " + reason);
                case QmpMessage.Malformed(var reason) ->
                        throw new QemuFailure(command + ": " + reason);
                case QmpMessage.Returned _,
                        QmpMessage.Refused _,
                        QmpMessage.Greeting _,
                        QmpMessage.Event _ -> {}
            }
        }
    }

    private void listen() {
        String reason = "QEMU closed its monitor";
        try (var in = new BufferedInputStream(Channels.newInputStream(channel))) {
            for (var line = line(in); line.length > 0; line = line(in)) {
                switch (QmpMessage.parse(line)) {
                    case QmpMessage.Event(var name, var data) when name.equals("MIGRATION") ->
                            moves.add(data.getOrDefault("status", ""));
                    case QmpMessage.Event event -> events.accept(event);
                    case QmpMessage.Malformed malformed -> {
                        reason = malformed.reason();
                        return;
                    }
                    case QmpMessage message -> answers.put(message);
                }
            }
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            // if the queue is full, no command waits for an answer
            if (!answers.offer(new QmpMessage.Malformed(reason))) {
                answers.clear();
            }
            moves.add(GONE);
        }
    }

    /// A line with its end; at most one byte more than a line may have; empty at the end.
    private static byte[] line(InputStream in) throws IOException {
        var line = new ByteArrayOutputStream();
        int next = in.read();
        while (next >= 0) {
            line.write(next);
            if (next == '\n' || line.size() > QmpMessage.MOST_BYTES) {
                break;
            }
            next = in.read();
        }
        return line.toByteArray();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException _) {
            // it is gone either way
        }
    }

    /// One line of QEMU's machine protocol (QMP, docs/interop/qmp-spec in QEMU). QEMU may have been
    /// taken over by its guest, so a line is bounded before it is read and in depth while it is.
    sealed interface QmpMessage {
        int MOST_BYTES = 64 << 10;

        /// The first line.
        record Greeting() implements QmpMessage {}

        /// The answer to a successful command.
        ///
        /// @param values scalar members of the answer, as text; empty if it is not an object
        record Returned(long id, Map<String, String> values) implements QmpMessage {}

        /// The answer to a failed command.
        record Refused(long id, String reason) implements QmpMessage {}

        /// An event.
        ///
        /// @param data scalar members, as text
        record Event(String name, Map<String, String> data) implements QmpMessage {}

        /// Not QMP.
        record Malformed(String reason) implements QmpMessage {}

        static QmpMessage parse(byte[] line) {
            if (line.length > MOST_BYTES) {
                return new Malformed("a line of more than %d bytes".formatted(MOST_BYTES));
            }
            try {
                return of(Json.MAPPER.readTree(line));
            } catch (JacksonException e) {
                return new Malformed("no JSON: " + e.getOriginalMessage());
            }
        }

        private static QmpMessage of(JsonNode message) {
            if (!message.isObject()) {
                return new Malformed("not an object");
            }
            if (message.path("QMP").isObject()) {
                return new Greeting();
            }
            if (message.path("event").isString()) {
                return new Event(message.path("event").asString(), scalars(message.path("data")));
            }
            // an error before the first command has no id
            long id = message.path("id").asLong(-1);
            if (message.has("return")) {
                return new Returned(id, scalars(message.path("return")));
            }
            if (message.path("error").isObject()) {
                return new Refused(
                        id, message.path("error").path("desc").asString("no reason given"));
            }
            return new Malformed("neither greeting, event, return nor error");
        }

        private static Map<String, String> scalars(JsonNode node) {
            var values = new TreeMap<String, String>();
            node.properties()
                    .forEach(
                            member -> {
                                if (member.getValue().isValueNode()) {
                                    values.put(member.getKey(), member.getValue().asString(""));
                                }
                            });
            return values;
        }
    }
}
