package airlock.plan;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Faults of a server, by path. If a path is to fail, to be cut and to be slow once, this happens
/// to its first, second and third request.
class ServerFaults {
    private static final int PIECES = 8;

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> cutting = ConcurrentHashMap.newKeySet();
    private final Set<String> slow = ConcurrentHashMap.newKeySet();
    private final Set<String> tampered = ConcurrentHashMap.newKeySet();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

    /// Answers the next request for `path` with 500.
    public void failOnce(String path) {
        failing.add(path);
    }

    /// Cuts the next answer for `path` in the middle.
    public void cutOnce(String path) {
        cutting.add(path);
    }

    /// Delays the next answer for `path` by some seconds.
    public void slowOnce(String path) {
        slow.add(path);
    }

    /// Serves another file of the same length at `path`.
    public void tamper(String path) {
        tampered.add(path);
    }

    /// Answers requests for `path` with 404.
    public void lose(String path) {
        lost.add(path);
    }

    /// Ends all permanent faults.
    public void heal() {
        tampered.clear();
        lost.clear();
    }

    /// The paths with a fault that has not happened yet.
    public Set<String> faultsLeft() {
        var left = new TreeSet<>(failing);
        left.addAll(cutting);
        left.addAll(slow);
        return left;
    }

    /// The status of a failing request for `path`, or 0.
    int instead(String path) {
        if (failing.remove(path)) {
            return 500;
        }
        return lost.contains(path) ? 404 : 0;
    }

    /// Answers with `content`, subject to faults.
    void send(HttpExchange exchange, String path, int status, byte[] content) throws IOException {
        byte[] bytes = content;
        if (tampered.contains(path)) {
            bytes = content.clone();
            bytes[bytes.length / 2] ^= 1;
        }
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        var body = exchange.getResponseBody();
        if (cutting.remove(path)) {
            body.write(bytes, 0, bytes.length / 2);
            body.flush();
        } else if (slow.remove(path)) {
            int size = bytes.length / PIECES + 1;
            for (int from = 0; from < bytes.length; from += size) {
                body.write(Arrays.copyOfRange(bytes, from, Math.min(from + size, bytes.length)));
                body.flush();
                pause();
            }
        } else {
            body.write(bytes);
        }
    }

    private static void pause() throws IOException {
        try {
            TimeUnit.SECONDS.sleep(1);
        } catch (InterruptedException e) {
            throw new IOException("stopped", e);
        }
    }
}
