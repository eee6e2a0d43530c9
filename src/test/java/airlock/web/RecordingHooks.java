package airlock.web;

import airlock.webhook.HookAnswer;
import airlock.webhook.WebhookIntake.HookRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

/// Records requests and answers 202; refuses requests for the repository `refused` unread; fails on
/// bodies that begin with `fail`.
final class RecordingHooks implements BiFunction<HookRequest, InputStream, HookAnswer> {
    private final List<Taken> taken = new CopyOnWriteArrayList<>();
    private final AtomicInteger begun = new AtomicInteger();

    /// A request with its body.
    record Taken(HookRequest request, byte[] body) {}

    List<Taken> taken() {
        return taken;
    }

    /// How many requests have come, including those whose bodies are still being read.
    int begun() {
        return begun.get();
    }

    @Override
    public HookAnswer apply(HookRequest request, InputStream stream) {
        begun.incrementAndGet();
        if (request.path().endsWith("/refused")) {
            return new HookAnswer.Refused(413, "no");
        }
        byte[] body = read(stream);
        if (new String(body, StandardCharsets.UTF_8).startsWith("fail")) {
            throw new IllegalStateException("a secret detail");
        }
        taken.add(new Taken(request, body));
        return new HookAnswer.Accepted(URI.create("https://ci.example/requests/x"));
    }

    private static byte[] read(InputStream body) {
        try {
            return body.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
