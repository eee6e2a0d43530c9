package airlock.vm;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import airlock.image.ImageImports;
import airlock.image.ImageStore;
import airlock.image.Proof;
import airlock.sandbox.Sandbox;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;

/// Measures `vm.clone.cloud` of docs/performance.md: the phase of `vm.clone` as a clone of a cloud
/// image, held against a clone of the recipe's image.
final class CloudBench {
    private static final int ROUNDS = 10;

    private CloudBench() {}

    /// Measures and prints the figure.
    ///
    /// @param arguments a state directory with the recipe's image, and the disk of a cloud image
    public static void main(String[] arguments) throws Exception {
        Path state = Path.of(arguments[0]);
        var cloud =
                new ImageImports(
                                new ImageStore(state.resolve("images"), InstantSource.system()),
                                Sandbox.NONE)
                        .cloud(
                                Path.of(arguments[1]),
                                "bench-cloud",
                                Optional.empty(),
                                Path.of("target", "guest", "airlock-guest"),
                                Proof.NONE,
                                System.err::println)
                        .boot();
        try (var machine = new BenchMachine(state)) {
            var rounds = new Rounds("vm.clone.cloud", ROUNDS);
            rounds.progress("warming up");
            cloned(machine, cloud);
            cloned(machine, machine.boot);
            var medians =
                    rounds.alternate(
                            () -> cloned(machine, cloud), () -> cloned(machine, machine.boot));
            System.out.println(
                    Figure.against(medians.reference(), "vm.clone.cloud", medians.value(), "s")
                            .line());
        }
    }

    private static double cloned(BenchMachine machine, BootFiles boot) throws Exception {
        var times = new BenchMachine.StepTimes();
        var spec = machine.phase(boot);
        long start = System.nanoTime();
        machine.runClone(spec, times);
        return (times.finished.get() - start) / 1e9;
    }
}
