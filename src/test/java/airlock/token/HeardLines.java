package airlock.token;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Keeps the messages of a token's proxy.
final class HeardLines {
    private static final int PATIENCE = 30;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> leaks = new LinkedBlockingQueue<>();

    void said(String line) {
        lines.add(line);
    }

    void leaked(String why) {
        leaks.add(why);
    }

    /// The next line.
    String line() throws InterruptedException {
        return Optional.ofNullable(lines.poll(PATIENCE, TimeUnit.SECONDS)).orElseThrow();
    }

    /// The next line about a refused request; skips others, which may come late.
    String refusal() throws InterruptedException {
        String line = line();
        while (!line.startsWith("refused ")) {
            line = line();
        }
        return line;
    }

    /// The next line about an address; skips others, which may come late.
    String lineOf(String address) throws InterruptedException {
        String line = line();
        while (!line.contains(address)) {
            line = line();
        }
        return line;
    }

    String leak() throws InterruptedException {
        return Optional.ofNullable(leaks.poll(PATIENCE, TimeUnit.SECONDS)).orElseThrow();
    }

    void clear() {
        lines.clear();
        leaks.clear();
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    boolean hasLeak() {
        return !leaks.isEmpty();
    }
}
