package airlock.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Keeps what it is handed and answers 202; refuses unread what is for the repository `refused`;
/// a body that begins with `fail` is a fault.
final class RecordingHooks implements HookHandler {
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();

    /// A request with its body.
    record Taken(Request request, byte[] body) {}

    List<Taken> taken() {
        return taken;
    }

    /// How many requests have come, those that are still being read included.
    int begun() {
        return begun.get();
    }

    @Override
    public Answer handle(Request request) {
        begun.incrementAndGet();
        if (request.repository().equals("refused")) {
            return new Answer(413, Map.of(), "text/plain", new byte[] {'n', 'o'});
        }
        byte[] body = read(request);
        if (new String(body, StandardCharsets.UTF_8).startsWith("fail")) {
            throw new IllegalStateException("a secret detail");
        }
        taken.add(new Taken(request, body));
        return new Answer(
                202,
                Map.of("Location", "https://ci.example/requests/x"),
                "application/json",
                "{}".getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] read(Request request) {
        try {
            return request.body().readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
