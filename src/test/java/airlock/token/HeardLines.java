package airlock.token;

import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Keeps what a token's proxy says.
final class HeardLines implements TokenProxy.Listener {
    private static final int PATIENCE = 30;

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> leaks = new LinkedBlockingQueue<>();

    @Override
    public void said(String line) {
        lines.add(line);
    }

    @Override
    public void leaked(String why) {
        leaks.add(why);
    }

    /// The next line that nobody has taken.
    String line() throws InterruptedException {
        return Optional.ofNullable(lines.poll(PATIENCE, TimeUnit.SECONDS)).orElseThrow();
    }

    /// The next line of a request that was refused; others may come late.
    String refusal() throws InterruptedException {
        String line = line();
        while (!line.startsWith("refused ")) {
            line = line();
        }
        return line;
    }

    /// The next line about an address; others may come late.
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

    /// Forgets all.
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
