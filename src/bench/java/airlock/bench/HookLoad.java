package airlock.bench;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/// Sends deliveries over several connections and measures how they are answered.
final class HookLoad {
    private static final int ACCEPTED = 202;

    private final int port;
    private final int connections;

    HookLoad(int port, int connections) {
        this.port = port;
        this.connections = connections;
    }

    /// What came of a load.
    ///
    /// @param perSecond deliveries that were answered in a second
    /// @param sorted the times until the answer, in nanoseconds
    record Outcome(double perSecond, long[] sorted) {
        double milliseconds(double quantile) {
            int at = (int) Math.ceil(quantile * sorted.length) - 1;
            return sorted[Math.max(0, at)] / 1e6;
        }
    }

    /// Each connection sends its next delivery when it has the answer to the last one.
    Outcome asFastAsItGoes(List<byte[]> deliveries) throws Exception {
        return send(deliveries, (_, _) -> System.nanoTime());
    }

    /// The deliveries are due at even distances. What waits for a free connection waits on the
    /// server's account: times count from when a delivery was due, not from when it was sent.
    Outcome paced(List<byte[]> deliveries, int perSecond) throws Exception {
        return send(
                deliveries,
                (start, number) -> {
                    long due = start + number * 1_000_000_000L / perSecond;
                    for (long left = due - System.nanoTime();
                            left > 0;
                            left = due - System.nanoTime()) {
                        LockSupport.parkNanos(left);
                    }
                    return due;
                });
    }

    /// Waits until the delivery with this number may be sent and says from when its time counts.
    private interface Pace {
        long await(long start, int number);
    }

    private Outcome send(List<byte[]> deliveries, Pace pace) throws Exception {
        var next = new AtomicInteger();
        var times = new long[deliveries.size()];
        var statuses = new ConcurrentHashMap<Integer, Integer>();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all =
                    IntStream.range(0, connections)
                            .mapToObj(
                                    _ ->
                                            threads.<Void>submit(
                                                    () -> {
                                                        try (var c = new KeptConnection(port)) {
                                                            for (int n = next.getAndIncrement();
                                                                    n < times.length;
                                                                    n = next.getAndIncrement()) {
                                                                long from = pace.await(start, n);
                                                                int status =
                                                                        c.exchange(
                                                                                deliveries.get(n));
                                                                times[n] = System.nanoTime() - from;
                                                                statuses.merge(
                                                                        status, 1, Integer::sum);
                                                            }
                                                        }
                                                        return null;
                                                    }))
                            .toList();
            for (Future<Void> one : all) {
                one.get();
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (!statuses.keySet().equals(java.util.Set.of(ACCEPTED))) {
            throw new IOException("not every delivery was answered with 202: " + statuses);
        }
        Arrays.sort(times);
        return new Outcome(times.length / seconds, times);
    }
}
