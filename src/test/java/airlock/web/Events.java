package airlock.web;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Reads server-sent events as a browser does.
final class Events implements AutoCloseable {
    private final BufferedReader reader;
    private int comments;

    /// One event; `id` is empty if it has none.
    record Event(String name, String id, String data) {}

    Events(InputStream stream) {
        this.reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
    }

    /// The next event; `name` is empty at the end of the stream.
    Event next() {
        String name = "";
        String id = "";
        String data = "";
        try {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.startsWith(":")) {
                    comments++;
                } else if (line.isEmpty() && !name.isEmpty()) {
                    return new Event(name, id, data);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Event("", "", "");
    }

    /// The next event with this name.
    Event next(String name) {
        for (var event = next(); ; event = next()) {
            if (event.name().equals(name)) {
                return event;
            }
            if (event.name().isEmpty()) {
                throw new AssertionError("the stream ended before an event '" + name + "' came");
            }
        }
    }

    /// How many comments came so far.
    int comments() {
        return comments;
    }

    @Override
    public void close() {
        try {
            reader.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
