package airlock.vm;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Measures `vm.soak.leaks` and `vm.soak.p99` of docs/performance.md: a thousand phases that do
/// nothing, one after the other, each in a clone; what is left of them in files, processes,
/// descriptors and memory, and how much longer than the usual one the slowest take.
final class SoakBench {
    private static final int MACHINES = 1000;

    /// After so many the server has loaded and allocated all that it keeps.
    private static final int FIRST = 100;

    private static final int TOLD_EVERY = 100;

    /// A heap that grew by less holds nothing of nine hundred machines.
    private static final long LITTLE = 4L << 20;

    private static final Duration SOON = Duration.ofSeconds(5);
    private static final Duration LOOK = Duration.ofMillis(100);

    private final BenchMachine machine;

    private SoakBench(BenchMachine machine) {
        this.machine = machine;
    }

    /// Measures and prints the figures.
    ///
    /// @param arguments a state directory with the image
    public static void main(String[] arguments) throws Exception {
        try (var machine = new BenchMachine(Path.of(arguments[0]))) {
            new SoakBench(machine).measure(new Rounds("vm.soak", MACHINES));
        }
    }

    private void measure(Rounds rounds) throws Exception {
        var times = new ArrayList<Double>();
        var before = Held.now(machine);
        for (int i = 1; i <= MACHINES; i++) {
            double seconds = run();
            if (i == FIRST) {
                before = Held.now(machine);
            } else if (i > FIRST) {
                times.add(seconds);
            }
            if (i % TOLD_EVERY == 0) {
                rounds.progress("%d of %d".formatted(i, MACHINES));
            }
        }
        var after = Held.now(machine);
        rounds.progress("after %d: %s; at the end: %s".formatted(FIRST, before, after));
        System.out.println(
                Figure.alone("vm.soak.leaks", after.beyond(before), Figure.COUNTED).line());
        Collections.sort(times);
        double median = times.get(times.size() / 2);
        double p99 = times.get((int) (times.size() * 0.99));
        System.out.println(Figure.against(median, "vm.soak.p99", p99, "s").line());
    }

    private double run() throws Exception {
        var times = new BenchMachine.StepTimes();
        var spec = machine.phase();
        long start = System.nanoTime();
        machine.runClone(spec, times);
        return (times.finished.get() - start) / 1e9;
    }

    /// What this process and the machine hold.
    ///
    /// @param files directories of VMs
    /// @param heap bytes in use after a collection
    private record Held(long files, long processes, long descriptors, long heap) {
        /// What is ended may take a moment to be gone.
        static Held now(BenchMachine machine) throws Exception {
            long end = System.nanoTime() + SOON.toNanos();
            var held = look(machine);
            while (held.processes + held.files > 0 && System.nanoTime() < end) {
                Thread.sleep(LOOK);
                held = look(machine);
            }
            return held;
        }

        private static Held look(BenchMachine machine) throws IOException {
            System.gc();
            var vms = machine.setting().directory();
            return new Held(
                    entries(vms, Files::isDirectory)
                            + entries(MemoryPlace.of(vms, Optional.empty()), Files::isDirectory),
                    ProcessHandle.current().descendants().filter(Held::isOfAVm).count(),
                    entries(Path.of("/proc/self/fd"), _ -> true),
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }

        private static boolean isOfAVm(ProcessHandle process) {
            return process.info()
                    .command()
                    .filter(command -> command.endsWith("bwrap") || command.contains("qemu"))
                    .isPresent();
        }

        private static long entries(Path parent, Predicate<Path> counted) throws IOException {
            try (Stream<Path> entries = Files.list(parent)) {
                return entries.filter(counted).count();
            }
        }

        private int beyond(Held before) {
            return (int)
                    List.of(
                                    files > before.files,
                                    processes > before.processes,
                                    descriptors > before.descriptors,
                                    heap > before.heap + LITTLE)
                            .stream()
                            .filter(more -> more)
                            .count();
        }
    }
}
