package airlock.vm;

import airlock.base.Json;
import airlock.vm.EndState.VmSignal;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProtocolException;
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
    static final int MOST_BYTES = 64 << 10;
    private static final int MOST_WAITING = 64;
    private static final Duration MOVE = Duration.ofSeconds(60);
    private static final String GONE = "gone";

    private final SocketChannel channel;
    private final Duration limit;
    private final Consumer<VmSignal.QemuTold> events;
    private final BlockingQueue<JsonNode> answers = new LinkedBlockingQueue<>(MOST_WAITING);

    /// States of saving and loading; `completed`, `failed` and [#GONE] are final.
    private final BlockingQueue<String> moves = new LinkedBlockingQueue<>();

    private long lastId;

    /// @param channel connected to QEMU's monitor; closed with this
    /// @param limit how long an answer may take
    /// @param events gets each event, but for those of saving and loading
    QemuMonitor(SocketChannel channel, Duration limit, Consumer<VmSignal.QemuTold> events) {
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

    void open() throws QemuFailure, InterruptedException {
        Thread.ofVirtual().name("qmp").start(this::listen);
        var first = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        if (first == null || !first.has("QMP")) {
            throw new QemuFailure("QEMU's monitor did not greet: " + first);
        }
        execute("qmp_capabilities");
    }

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
            var answer = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                throw new QemuFailure("no answer to %s in %s".formatted(command, limit));
            }
            // an error before the first command has no id
            long of = answer.path("id").asLong(-1);
            if (answer.has("error") && (of == id || of < 0)) {
                String why = answer.path("error").path("desc").asString("no reason given");
                throw new QemuFailure(command + ": " + why);
            }
            if (answer.has("return") && of == id) {
                return scalars(answer.path("return"));
            }
        }
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

    private void listen() {
        String reason = "QEMU closed its monitor";
        try (var in = new BufferedInputStream(Channels.newInputStream(channel))) {
            for (var line = line(in); line.length > 0; line = line(in)) {
                var message = parse(line);
                String event = message.path("event").asString("");
                var data = scalars(message.path("data"));
                if (event.isEmpty()) {
                    answers.put(message);
                } else if (event.equals("MIGRATION")) {
                    moves.add(data.getOrDefault("status", ""));
                } else {
                    events.accept(new VmSignal.QemuTold(event, data));
                }
            }
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } finally {
            var last = Json.MAPPER.createObjectNode();
            last.putObject("error").put("desc", reason);
            // if the queue is full, no command waits for an answer
            if (!answers.offer(last)) {
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
            if (next == '\n' || line.size() > MOST_BYTES) {
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

    /// One line of QEMU's machine protocol (QMP, docs/interop/qmp-spec in QEMU): a greeting, an
    /// event, or the answer to a command. QEMU may have been taken over by its guest, so a line is
    /// bounded before it is read and in depth while it is.
    ///
    /// @throws ProtocolException if it is none of these
    static JsonNode parse(byte[] line) throws ProtocolException {
        if (line.length > MOST_BYTES) {
            throw new ProtocolException("a line of more than %d bytes".formatted(MOST_BYTES));
        }
        try {
            var message = Json.MAPPER.readTree(line);
            if (message.path("QMP").isObject()
                    || message.path("event").isString()
                    || message.has("return")
                    || message.path("error").isObject()) {
                return message;
            }
        } catch (JacksonException e) {
            throw new ProtocolException("no JSON: " + e.getOriginalMessage());
        }
        throw new ProtocolException("neither greeting, event, return nor error");
    }
}
