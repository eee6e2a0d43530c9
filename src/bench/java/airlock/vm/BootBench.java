package airlock.vm;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import airlock.vm.VmFiles.Port;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// Measures `vm.*` of docs/performance.md. `vm.cold`, `vm.clone` and `vm.ready` are times from the
/// order to start a machine: of one that boots until the exit code of an action that does nothing
/// is there; of a clone, and of one that waits, until all drives are unpacked, the action is done
/// and the outputs are packed. They are held against a boot of Debian with systemd in the same
/// machine, until the exit code of the same program comes out of the same port.
final class BootBench {
    private static final int ROUNDS = 10;
    private static final int MEMORY_ROUNDS = 10;

    private final BenchMachine machine;
    private final BootFiles systemd;

    private BootBench(BenchMachine machine, Path reference) {
        this.machine = machine;
        this.systemd =
                new BootFiles(
                        machine.boot.kernel(),
                        reference.resolve("initrd"),
                        reference.resolve("disk.qcow2"));
    }

    /// Measures and prints the figure.
    ///
    /// @param arguments a state directory with the image, and the directory of the systemd one
    public static void main(String[] arguments) throws Exception {
        try (var machine = new BenchMachine(Path.of(arguments[0]))) {
            var bench = new BootBench(machine, Path.of(arguments[1]));
            var rounds = new Rounds("vm", ROUNDS);
            rounds.progress("warming up");
            bench.cold();
            bench.cloned();
            bench.ready();
            bench.systemd();
            var medians =
                    rounds.alternate(
                            List.of(bench::cold, bench::cloned, bench::ready), bench::systemd);
            print("vm.cold", medians.get(0));
            print("vm.clone", medians.get(1));
            print("vm.ready", medians.get(2));
            var memory = machine.memory();
            var few = new Rounds("vm", MEMORY_ROUNDS);
            printAlone("vm.clone.memory", few.alone(memory::loaded));
            printAlone("vm.ready.memory", few.alone(memory::rehearsed));
        }
    }

    private static void print(String name, Rounds.Medians medians) {
        System.out.println(Figure.against(medians.reference(), name, medians.value(), "s").line());
    }

    private static void printAlone(String name, double megabytes) {
        System.out.println(Figure.alone(name, megabytes, "MB").line());
    }

    private double cold() throws Exception {
        var times = new BenchMachine.StepTimes();
        long start = System.nanoTime();
        machine.run(machine.spec(machine.boot, BenchMachine.shell("true")), times);
        return (times.ended.get() - start) / 1e9;
    }

    private double cloned() throws Exception {
        var times = new BenchMachine.StepTimes();
        var spec = machine.phase();
        long start = System.nanoTime();
        machine.runClone(spec, times);
        return (times.finished.get() - start) / 1e9;
    }

    private double ready() throws Exception {
        var times = new BenchMachine.StepTimes();
        var spec = machine.phase();
        // nobody works meanwhile: how it is refilled beside others is another matter
        var clones = machine.ready();
        try {
            BenchMachine.await(clones);
            long start = System.nanoTime();
            machine.runReady(clones, spec, times);
            return (times.finished.get() - start) / 1e9;
        } finally {
            clones.end();
        }
    }

    private double systemd() throws Exception {
        long start = System.nanoTime();
        try (var vm =
                BareVm.start(
                        machine.setting(), machine.spec(systemd), "root=/dev/vda rw rootwait")) {
            String said =
                    new BufferedReader(
                                    Channels.newReader(vm.port(Port.LOG), StandardCharsets.UTF_8))
                            .readLine();
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!"exit 0".equals(said)) {
                throw new IOException("the systemd machine said '" + said + "'");
            }
            return seconds;
        }
    }
}
