package airlock.vm;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.results.RunLogs;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;

/// Measures `log.bytes` of docs/performance.md: what a step prints, through the guest program's
/// frames into the run's log file; against the same program that writes to a port itself, with the
/// host copying what comes into a file.
final class LogBench {
    private static final int ROUNDS = 10;
    private static final int MIB = 256;
    private static final long BYTES = (long) MIB << 20;

    /// The second port, which the guest program does not use.
    private static final String WRITE =
            "dd if=/dev/zero bs=64k count=%d status=none".formatted(MIB * 16);

    private static final String TO_PORT = BarePort.FIND + WRITE + " of=/dev/${port##*/}";

    private final BenchMachine machine;

    private LogBench(BenchMachine machine) {
        this.machine = machine;
    }

    /// Measures and prints the figure.
    ///
    /// @param arguments a state directory with the image
    public static void main(String[] arguments) throws Exception {
        try (var machine = new BenchMachine(Path.of(arguments[0]))) {
            var bench = new LogBench(machine);
            var medians = new Rounds("log.bytes", ROUNDS).alternate(bench::framed, bench::barePort);
            System.out.println(
                    Figure.against(medians.reference(), "log.bytes", medians.value(), "MB/s")
                            .line());
        }
    }

    private double framed() throws Exception {
        Path logs = machine.state.resolve("bench-logs");
        var run = RunId.random();
        var times = new BenchMachine.StepTimes();
        try (var log = new RunLogs(logs).append(run)) {
            Consumer<GuestRecord> listener =
                    record -> {
                        if (record instanceof GuestRecord.Output output) {
                            log.add(
                                    Phase.PLAN,
                                    0,
                                    output.stream(),
                                    Instant.now().toEpochMilli(),
                                    output.bytes());
                        }
                        times.accept(record);
                    };
            machine.run(machine.spec(machine.boot, BenchMachine.shell(WRITE)), listener);
        }
        remove(logs);
        return rate(times.began.get(), times.ended.get());
    }

    private static void remove(Path logs) throws IOException {
        try (var files = Files.walk(logs)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Files.delete(file);
            }
        }
    }

    private double barePort() throws Exception {
        Path file = machine.state.resolve("bench-port");
        try (var out = Files.newOutputStream(file)) {
            return BarePort.measure(
                    machine,
                    TO_PORT,
                    (in, _, times) -> {
                        copy(in, out);
                        return rate(times.began.get(), System.nanoTime());
                    });
        } finally {
            Files.delete(file);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        var piece = new byte[128 << 10];
        for (long left = BYTES; left > 0; ) {
            int count = in.read(piece);
            if (count < 0) {
                throw new IOException("the port was closed %d bytes too early".formatted(left));
            }
            out.write(piece, 0, count);
            left -= count;
        }
    }

    private static double rate(long began, long ended) {
        return BYTES / 1e6 / ((ended - began) / 1e9);
    }
}
