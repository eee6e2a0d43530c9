package airlock.web;

import airlock.base.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Writes server-sent events (WHATWG HTML §9.2). Data is JSON on one line, so it has no line
/// breaks.
final class EventWriter {
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

    /// An event without an id: it does not change where a client resumes.
    void event(String name, Object data) throws IOException {
        event(name, Json.bytes(data));
    }

    /// As [#event(String, Object)], for data that is JSON already.
    void event(String name, byte[] json) throws IOException {
        write("event: " + name + "\ndata: ");
        out.write(json);
        write("\n\n");
    }

    /// An event after which a client resumes at `id`.
    void event(String name, long id, Object data) throws IOException {
        write("id: " + id + "\n");
        event(name, data);
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
