package airlock.vm;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/// How long the parts of a VM's life took, for the log.
final class Marks {
    private final Map<String, Duration> parts = new LinkedHashMap<>();
    private long last = System.nanoTime();

    /// The part that ends now.
    synchronized void mark(String part) {
        long now = System.nanoTime();
        parts.merge(part, Duration.ofNanos(now - last), Duration::plus);
        last = now;
    }

    @Override
    public synchronized String toString() {
        return parts.entrySet().stream()
                .map(part -> part.getKey() + " " + part.getValue().toMillis() + " ms")
                .collect(Collectors.joining(", "));
    }
}
