package airlock.plan;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// What a server does wrong, by paths. Of a path that is to fail, to be cut and to be slow once,
/// the first request fails, the second is cut, and the third is slow.
final class ServerFaults {
    private static final int PIECES = 8;

    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Set<String> cutting = ConcurrentHashMap.newKeySet();
    private final Set<String> slow = ConcurrentHashMap.newKeySet();
    private final Set<String> tampered = ConcurrentHashMap.newKeySet();
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

    void failOnce(String path) {
        failing.add(path);
    }

    void cutOnce(String path) {
        cutting.add(path);
    }

    void slowOnce(String path) {
        slow.add(path);
    }

    void tamper(String path) {
        tampered.add(path);
    }

    void lose(String path) {
        lost.add(path);
    }

    /// Ends all that is for ever.
    void heal() {
        tampered.clear();
        lost.clear();
    }

    /// The paths of those that are to happen once and have not yet.
    Set<String> left() {
        var left = new TreeSet<>(failing);
        left.addAll(cutting);
        left.addAll(slow);
        return left;
    }

    /// The status that a request for `path` gets in place of the one that it should; 0 for that.
    int instead(String path) {
        if (failing.remove(path)) {
            return 500;
        }
        return lost.contains(path) ? 404 : 0;
    }

    /// Answers with `content`, more or less.
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
