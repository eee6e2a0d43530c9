package airlock.vm;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import airlock.phases.UstarFile;
import airlock.vm.VmSpec.DriveContent;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// Measures `vm.input` of docs/performance.md: a large archive onto a drive of a clone that waits
/// and unpacked there, from the order until the step has ended; against `tar -x` alone of the same
/// drive in the same guest.
final class InputBench {
    private static final int ROUNDS = 10;
    private static final int FILES = 20_000;
    private static final int FILES_A_DIRECTORY = 200;
    private static final int MEAN = 25_000;
    private static final int END = 1024;
    private static final String PLACE = "/ci/src";

    private final BenchMachine machine;
    private final Path archive;

    private InputBench(BenchMachine machine, Path archive) {
        this.machine = machine;
        this.archive = archive;
    }

    /// Measures and prints the figure.
    ///
    /// @param arguments a state directory with the image
    public static void main(String[] arguments) throws Exception {
        try (var machine = new BenchMachine(Path.of(arguments[0]))) {
            Path archive = machine.state.resolve("bench-input.tar");
            write(archive);
            var bench = new InputBench(machine, archive);
            var rounds = new Rounds("vm.input", ROUNDS);
            rounds.progress("warming up");
            bench.ours();
            var medians = rounds.alternate(bench::ours, bench::tar);
            System.out.println(
                    Figure.against(medians.reference(), "vm.input", medians.value(), "s").line());
            Files.delete(archive);
        }
    }

    /// 500 MB from fixed random numbers.
    private static void write(Path archive) throws IOException {
        var random = new SplittableRandom(1);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(archive))) {
            for (int i = 0; i < FILES; i++) {
                var content = new byte[random.nextInt(2 * MEAN)];
                random.nextBytes(content);
                var name = "d%03d/f%05d".formatted(i / FILES_A_DIRECTORY, i);
                byte[] alone = UstarFile.archive(List.of(new UstarFile(name, 0644, content)));
                out.write(alone, 0, alone.length - END);
            }
            out.write(new byte[END]);
        }
    }

    private double ours() throws Exception {
        var unpack = new Step("unpack", new GuestStep.Unpack(device(), PLACE, false), false);
        var times = new BenchMachine.StepTimes();
        long ordered = run(times, unpack);
        return (times.ended.get() - ordered) / 1e9;
    }

    private double tar() throws Exception {
        var times = new BenchMachine.StepTimes();
        run(times, BenchMachine.shell("tar -xf " + device() + " -C " + PLACE));
        return (times.ended.get() - times.began.get()) / 1e9;
    }

    private static String device() {
        return Drive.SOURCE.device();
    }

    /// Runs one step on a clone that waits; says when it was ordered.
    private long run(BenchMachine.StepTimes times, Step step) throws Exception {
        var spec =
                machine.spec(List.of(step), Map.of(Drive.SOURCE, new DriveContent.Copy(archive)));
        var clones = machine.ready();
        try {
            BenchMachine.await(clones);
            long ordered = System.nanoTime();
            machine.runReady(clones, spec, times);
            return ordered;
        } finally {
            clones.end();
        }
    }
}
