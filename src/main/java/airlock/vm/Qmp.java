package airlock.vm;

import airlock.base.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import tools.jackson.databind.node.ObjectNode;

/// Speaks QMP with one QEMU over a connected socket. Commands one at a time, by one thread; events
/// go to the listener on a thread of their own as they come.
final class Qmp implements AutoCloseable {
    private static final int MOST_WAITING = 64;

    private final SocketChannel channel;
    private final Consumer<QmpMessage.Event> events;
    private final Runnable lost;
    private final BlockingQueue<QmpMessage> answers = new LinkedBlockingQueue<>(MOST_WAITING);
    private long lastId;

    /// @param channel connected to QEMU's monitor; closed with this
    /// @param events hears each event
    /// @param lost called once, after the last event, when nothing more will come
    Qmp(SocketChannel channel, Consumer<QmpMessage.Event> events, Runnable lost) {
        this.channel = channel;
        this.events = events;
        this.lost = lost;
    }

    /// What came of a command.
    sealed interface Answer {
        record Done(Map<String, String> values) implements Answer {}

        record Failed(String reason) implements Answer {}
    }

    /// Starts to listen and agrees on the protocol.
    Answer open(Duration limit) throws InterruptedException {
        Thread.ofVirtual().name("qmp").start(this::listen);
        QmpMessage first = answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS);
        return first instanceof QmpMessage.Greeting
                ? execute("qmp_capabilities", limit)
                : new Answer.Failed("QEMU's monitor did not greet: " + first);
    }

    /// Has QEMU do a command without arguments and waits for its answer.
    Answer execute(String command, Duration limit) throws InterruptedException {
        return send(Json.MAPPER.createObjectNode().put("execute", command), limit);
    }

    /// Has QEMU do a command and waits for its answer.
    Answer execute(String command, ObjectNode arguments, Duration limit)
            throws InterruptedException {
        var message = Json.MAPPER.createObjectNode().put("execute", command);
        message.set("arguments", arguments);
        return send(message, limit);
    }

    private Answer send(ObjectNode message, Duration limit) throws InterruptedException {
        String command = message.path("execute").asString();
        long id = ++lastId;
        message.put("id", id);
        try {
            var bytes = ByteBuffer.wrap((message + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            return new Answer.Failed("%s cannot be sent: %s".formatted(command, e.getMessage()));
        }
        long end = System.nanoTime() + limit.toNanos();
        while (true) {
            var answer = answers.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (answer == null) {
                return new Answer.Failed("no answer to %s in %s".formatted(command, limit));
            }
            switch (answer) {
                case QmpMessage.Returned(var of, var values) when of == id -> {
                    return new Answer.Done(values);
                }
                case QmpMessage.Refused(var of, var reason) when of == id || of < 0 -> {
                    return new Answer.Failed(command + ": " + reason);
                }
                case QmpMessage.Malformed(var reason) -> {
                    return new Answer.Failed(command + ": " + reason);
                }
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
            // where the queue is full, nobody waits for an answer
            if (!answers.offer(new QmpMessage.Malformed(reason))) {
                answers.clear();
            }
            lost.run();
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
}
