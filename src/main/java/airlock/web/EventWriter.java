package airlock.web;

import airlock.base.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Writes server-sent events (WHATWG HTML §9.2). Data is one line of JSON, so it never has a line
/// break.
final class EventWriter {
    private final OutputStream out;
    private long written = System.nanoTime();
    private boolean waiting;

    EventWriter(OutputStream out) {
        this.out = out;
    }

    /// How soon the client should come again when the connection is lost.
    void retryAfter(Duration pause) throws IOException {
        write("retry: " + pause.toMillis() + "\n\n");
    }

    /// An event that does not move the place where a client goes on.
    void event(String name, Object data) throws IOException {
        event(name, Json.bytes(data));
    }

    /// The same, of data that is JSON already.
    void event(String name, byte[] json) throws IOException {
        write("event: " + name + "\ndata: ");
        out.write(json);
        write("\n\n");
    }

    /// An event after which a client goes on at `id`.
    void event(String name, long id, Object data) throws IOException {
        write("id: " + id + "\n");
        event(name, data);
    }

    /// A sign of life where nothing was written for `silence`.
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
