package airlock.vm;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageStore;
import airlock.image.OciFixture;
import airlock.image.Proof;
import airlock.sandbox.Sandbox;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/// Measures `vm.clone.oci` of docs/performance.md: `vm.clone` on an image that was a container,
/// against the same on the recipe's image.
final class OciBench {
    private static final int ROUNDS = 15;
    private static final String NAME = "bench-container";

    private OciBench() {}

    /// Measures and prints the figure.
    ///
    /// @param arguments a state directory with the recipe's image, and the archive of a root file
    ///     system that becomes a container image of one layer
    public static void main(String[] arguments) throws Exception {
        try (var machine = new BenchMachine(Path.of(arguments[0]))) {
            var container = container(machine, Path.of(arguments[1]));
            var rounds = new Rounds("vm.clone.oci", ROUNDS);
            rounds.progress("warming up");
            seconds(machine, container);
            seconds(machine, machine.boot);
            var medians =
                    rounds.alternate(
                            List.of(() -> seconds(machine, container)),
                            () -> seconds(machine, machine.boot));
            System.out.println(
                    Figure.against(
                                    medians.getFirst().reference(),
                                    "vm.clone.oci",
                                    medians.getFirst().value(),
                                    "s")
                            .line());
        }
    }

    private static BootFiles container(BenchMachine machine, Path root) throws Exception {
        var store = new ImageStore(machine.state.resolve("images"), InstantSource.system());
        var there = store.listing().find(NAME);
        if (there.isPresent()) {
            store.remove(there.get().name());
        }
        Path archive = machine.state.resolve("container.tar");
        OciFixture.archive(new OciFixture().raw(Files.readAllBytes(root)).oci(), archive);
        var image =
                new ImageImports(store, Sandbox.NONE)
                        .file(
                                archive,
                                NAME,
                                new Image(Objects.requireNonNull(machine.boot.disk().getParent())),
                                Path.of("target", "guest", "airlock-guest"),
                                Proof.NONE,
                                System.err::println);
        Files.delete(archive);
        return image.boot();
    }

    private static double seconds(BenchMachine machine, BootFiles files) throws Exception {
        var times = new BenchMachine.StepTimes();
        var spec = machine.phase(files);
        long start = System.nanoTime();
        machine.runClone(spec, times);
        return (times.finished.get() - start) / 1e9;
    }
}
