package airlock.web;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// Keeps what it is handed and answers 202; what begins with `fail` is a fault.
final class RecordingHooks implements HookHandler {
    static final int LONGEST = 300_000;

    private final List<Request> requests = new CopyOnWriteArrayList<>();

    List<Request> requests() {
        return requests;
    }

    @Override
    public int longestBody(String forge) {
        return LONGEST;
    }

    @Override
    public Answer handle(Request request) {
        if (new String(request.body(), StandardCharsets.UTF_8).startsWith("fail")) {
            throw new IllegalStateException("a secret detail");
        }
        requests.add(request);
        return new Answer(
                202,
                Map.of("Location", "https://ci.example/requests/x"),
                "application/json",
                "{}".getBytes(StandardCharsets.UTF_8));
    }
}
