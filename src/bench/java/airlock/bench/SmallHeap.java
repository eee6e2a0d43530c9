package airlock.bench;

import airlock.backup.Backup;
import airlock.store.Database;
import com.sun.management.GarbageCollectionNotificationInfo;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/// Tidies and backs up a state in a JVM that has little memory.
final class SmallHeap {
    private static final String MOST = "128m";
    private static final int LOOKS = 3;
    private static final List<String> HEAP = List.of("Eden", "Survivor", "Tenured");

    private SmallHeap() {}

    /// How many MiB of a heap of 128 MiB were in use at most, after a collection.
    static double megabytes(Path state) throws IOException, InterruptedException {
        var java =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx" + MOST,
                                "-XX:+UseSerialGC",
                                "-XX:+ExitOnOutOfMemoryError",
                                "--enable-native-access=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                SmallHeap.class.getName(),
                                state.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        String said =
                new String(java.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (java.waitFor() != 0) {
            throw new IllegalStateException(
                    "tidying and backing up " + state + " in " + MOST + " ended with " + said);
        }
        return Double.parseDouble(said.lines().toList().getLast());
    }

    /// Prints how many MiB were in use at most.
    ///
    /// @param arguments the state directory
    public static void main(String[] arguments) throws Exception {
        Path state = Path.of(arguments[0]);
        var most = new AtomicLong();
        listen(most);
        try (var database = Database.open(state.resolve("airlock.db"))) {
            var tidying = new Tidying(database, state);
            for (int i = 0; i < LOOKS; i++) {
                tidying.look();
            }
        }
        Path file = state.resolve("backup.tar");
        var made = new Backup(state, InstantSource.system()).make(file, true);
        System.err.println("backup: " + made.bytes() + " bytes, " + made.lost() + " lost");
        Files.delete(file);
        System.gc();
        System.out.println((double) most.get() / (1 << 20));
    }

    private static void listen(AtomicLong most) {
        for (var collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, _) -> {
                                var info =
                                        GarbageCollectionNotificationInfo.from(
                                                (CompositeData) notification.getUserData());
                                most.accumulateAndGet(
                                        used(info.getGcInfo().getMemoryUsageAfterGc()), Math::max);
                            },
                            null,
                            null);
        }
    }

    private static long used(Map<String, MemoryUsage> pools) {
        return pools.entrySet().stream()
                .filter(pool -> HEAP.stream().anyMatch(pool.getKey()::contains))
                .mapToLong(pool -> pool.getValue().getUsed())
                .sum();
    }
}
