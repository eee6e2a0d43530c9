package airlock.vm;

import airlock.sandbox.Confinement;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/// A virtual machine that runs, or has ended and is not closed yet.
///
/// - Threads: any may call all methods.
/// - Ownership: its starter closes it, which removes all files but the console's and those that
/// were taken.
/// - Failures: nothing is thrown for anything that the guest or QEMU does; see [VmEnd].
/// - Limits: those of its [VmSpec]; it ends by itself when one is exceeded.
public interface Vm extends AutoCloseable {
    Isolation isolation();

    /// Completed when it has ended, only by the VM itself.
    CompletableFuture<VmEnd> end();

    default VmEnd await() throws InterruptedException {
        try {
            return end().get();
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    VmTimes times();

    /// Keeps it for a person although its work is done: at most for `most` from now on, instead of
    /// its own limit. Does nothing before its gate opened or after its end.
    void keep(Duration most);

    /// Pauses the guest of a VM that is kept, so that it takes memory only.
    void pause();

    void resume();

    /// Ends it immediately, without the guest; does nothing after its end.
    ///
    /// @param reason for people; comes back in [VmEnd.Cancelled]
    void cancel(String reason);

    /// Copies the archive that the guest packed onto a drive, unread, into a new file of mode 0600.
    ///
    /// @param drive one of those in [VmEnd.Finished#packed]
    /// @throws IllegalStateException before such an end, or for another drive
    /// @throws VmException if the file cannot be written
    Archive take(Drive drive, Path target);

    /// Moves the overlay with the guest's writes to its system disk to `target`, as QEMU left it:
    /// hostile bytes.
    ///
    /// @throws IllegalStateException unless it booted by itself and has finished its steps
    /// @throws VmException if the file cannot be moved
    void takeSystem(Path target);

    /// Ends it if it still runs, and removes its files.
    @Override
    void close();

    /// An archive as the guest left it: hostile bytes.
    ///
    /// @param sha256 of its bytes, 64 hexadecimal digits
    record Archive(Path file, long bytes, String sha256) {}

    /// The barriers between a VM and the host; stored with each run.
    record Isolation(Accelerator accelerator, Confinement confinement) {
        public String describe() {
            return switch (accelerator) {
                        case KVM -> "kvm";
                        case TCG -> "tcg (emulation, no boundary of its own)";
                    }
                    + "; "
                    + confinement.describe();
        }
    }

    /// The time that the parts of a VM's life took.
    ///
    /// @param parts in their order; a part that did not happen is missing
    record VmTimes(Beginning beginning, Map<Part, Duration> parts) {
        public VmTimes {
            var ordered = new EnumMap<Part, Duration>(Part.class);
            ordered.putAll(parts);
            parts = Collections.unmodifiableMap(ordered);
        }

        public enum Beginning {
            /// As a clone that waited.
            READY,

            /// As a clone that was loaded when the VM started.
            CLONE,

            BOOT
        }

        public enum Part {
            TEMPLATE,

            /// Making or filling the drives.
            DRIVES,

            QEMU,

            LOAD,

            /// Up to the gate.
            BOOT,

            /// From the gate to the last record.
            WORK,

            /// Until QEMU was gone.
            END
        }

        static final class Stopwatch {
            private final Map<Part, Duration> parts = new EnumMap<>(Part.class);
            private Beginning beginning = Beginning.BOOT;
            private long last = System.nanoTime();

            synchronized void begins(Beginning as) {
                beginning = as;
            }

            synchronized void mark(Part part) {
                long now = System.nanoTime();
                parts.merge(part, Duration.ofNanos(now - last), Duration::plus);
                last = now;
            }

            synchronized VmTimes times() {
                return new VmTimes(beginning, parts);
            }

            @Override
            public String toString() {
                var times = times();
                return times.parts().entrySet().stream()
                        .map(part -> word(part.getKey()) + " " + part.getValue().toMillis() + " ms")
                        .collect(Collectors.joining(", ", word(times.beginning()) + ": ", ""));
            }

            private static String word(Enum<?> constant) {
                return constant.name().toLowerCase(Locale.ROOT);
            }
        }
    }
}
