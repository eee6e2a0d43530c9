package airlock.vm;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import airlock.config.AllowList;
import airlock.config.AllowedHost;
import airlock.config.HostName;
import airlock.config.NetworkCaps;
import airlock.config.PhaseNetwork;
import airlock.egress.Gatekeeper.OwnPlaces;
import airlock.egress.WayOut;
import airlock.egress.WayOut.OtherStreams;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Measures `uplink.*` of docs/performance.md: what a served uplink adds to a phase, how long a
/// first connection takes against one from the host itself, and how many bytes a second go through
/// one stream and a hundred, against the bare port.
final class UplinkBench {
    private static final int ROUNDS = 10;
    private static final String HOST = "files.example";
    private static final int MANY = 100;
    private static final int PIECE = 64 << 10;

    private final BenchMachine machine;
    private final SinkServer server;

    private UplinkBench(BenchMachine machine, SinkServer server) {
        this.machine = machine;
        this.server = server;
    }

    /// Measures and prints a figure.
    ///
    /// @param arguments a state directory with the image; the figure's name
    public static void main(String[] arguments) throws Exception {
        try (var machine = new BenchMachine(Path.of(arguments[0]));
                var server = SinkServer.start()) {
            var bench = new UplinkBench(machine, server);
            switch (arguments[1]) {
                case "uplink.overhead" -> bench.overhead();
                case "uplink.connect" -> bench.connect();
                case "uplink.out" -> bench.out();
                case "uplink.in" -> bench.in();
                default -> throw new IllegalArgumentException("no figure: " + arguments[1]);
            }
        }
    }

    private void overhead() throws Exception {
        var medians =
                new Rounds("uplink.overhead", ROUNDS)
                        .alternate(
                                () -> phase(served(machine.phase())), () -> phase(machine.phase()));
        print("uplink.overhead", medians, "s");
    }

    private void connect() throws Exception {
        var medians =
                new Rounds("uplink.connect", ROUNDS)
                        .alternate(this::connectFromGuest, this::connectFromHost);
        print("uplink.connect", medians, "s");
    }

    private void out() throws Exception {
        print("uplink.out", () -> through(1, true), () -> through(MANY, true), this::bareOut);
    }

    private void in() throws Exception {
        print("uplink.in", () -> through(1, false), () -> through(MANY, false), this::bareIn);
    }

    private static void print(
            String name, Rounds.Measured one, Rounds.Measured many, Rounds.Measured bare)
            throws Exception {
        var medians = new Rounds(name, ROUNDS).alternate(List.of(one, many), bare);
        print(name, medians.get(0), "MB/s");
        print(name + "." + MANY, medians.get(1), "MB/s");
    }

    private static void print(String name, Rounds.Medians medians, String unit) {
        System.out.println(Figure.against(medians.reference(), name, medians.value(), unit).line());
    }

    /// `spec` with a step before its own that opens the way out, which is served.
    private VmSpec served(VmSpec spec) {
        var steps = new ArrayList<Step>();
        var to =
                new GuestStep.Connect(List.of(HOST + ":" + server.port()), List.of(), false, false);
        steps.add(new Step("open the way out", to, false));
        steps.addAll(spec.steps());
        return new VmSpec(
                spec.name(),
                spec.model(),
                steps,
                spec.contents(),
                spec.writable(),
                spec.console(),
                spec.limits(),
                Optional.of(wayOut()::serve));
    }

    private WayOut wayOut() {
        if (!(HostName.read(HOST) instanceof HostName.Reading.Named(var name))) {
            throw new IllegalStateException(HOST + " is no name");
        }
        var here =
                new AllowedHost(
                        name,
                        false,
                        server.port(),
                        Optional.of(InetAddress.getLoopbackAddress()),
                        false);
        var network =
                new PhaseNetwork(
                        PhaseNetwork.Mode.ENFORCE,
                        new AllowList(List.of(here)),
                        NetworkCaps.STANDARD,
                        List.of());
        return new WayOut(
                network,
                _ -> List.of(),
                new OwnPlaces(_ -> false, Set.of()),
                Optional.empty(),
                OtherStreams.NONE,
                _ -> {});
    }

    private double phase(VmSpec spec) throws Exception {
        var times = new BenchMachine.StepTimes();
        long start = ready(spec, times);
        return (times.finished.get() - start) / 1e9;
    }

    /// Runs `spec` as a machine that waited.
    ///
    /// @return when that was ordered
    private long ready(VmSpec spec, Consumer<GuestRecord> listener) throws Exception {
        var clones = machine.ready();
        try {
            BenchMachine.await(clones);
            long start = System.nanoTime();
            machine.runReady(clones, spec, listener);
            return start;
        } finally {
            clones.end();
        }
    }

    private static String connecting(String host, int port) {
        return """
        began=${EPOCHREALTIME/./}
        exec 3<>/dev/tcp/%s/%d
        printf c >&3
        IFS= read -r -n 1 byte <&3
        ended=${EPOCHREALTIME/./}
        [ "$byte" = b ]
        echo "took $((ended - began))"
        """
                .formatted(host, port);
    }

    private double connectFromGuest() throws Exception {
        var said = new ByteArrayOutputStream();
        ready(
                served(
                        machine.spec(
                                machine.boot,
                                BenchMachine.shell("set +x\n" + connecting(HOST, server.port())))),
                record -> {
                    if (record instanceof GuestRecord.Output output) {
                        said.writeBytes(output.bytes());
                    }
                });
        return microseconds(said.toString(StandardCharsets.UTF_8));
    }

    private double connectFromHost() throws Exception {
        var bash =
                new ProcessBuilder(
                                "bash", "-c", "set -eu\n" + connecting("127.0.0.1", server.port()))
                        .redirectErrorStream(true)
                        .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (bash.waitFor() != 0) {
            throw new IOException("connecting from the host failed: " + said);
        }
        return microseconds(said);
    }

    private static double microseconds(String said) {
        int at = said.lastIndexOf("took ");
        if (at < 0) {
            throw new IllegalStateException("no time in '" + said + "'");
        }
        return Long.parseLong(said.substring(at + "took ".length()).strip()) / 1e6;
    }

    /// Opens `streams` connections that send, or take, all at once.
    private String program(int streams, boolean out) throws IOException {
        try (var in = UplinkBench.class.getResourceAsStream("/bench/streams.py")) {
            return """
            cat > /tmp/streams.py <<'END'
            %sEND
            python3 -S -E /tmp/streams.py %s %d %s %d %d
            """
                    .formatted(
                            new String(in.readAllBytes(), StandardCharsets.UTF_8),
                            HOST,
                            server.port(),
                            out ? "o" : "i",
                            streams,
                            SinkServer.BYTES / streams / PIECE * PIECE);
        }
    }

    private double through(int streams, boolean out) throws Exception {
        var measuring = server.expect(streams);
        var spec = served(machine.spec(machine.boot, BenchMachine.shell(program(streams, out))));
        machine.run(spec, _ -> {});
        return measuring.get();
    }

    private double bareOut() throws Exception {
        return BarePort.measure(
                machine,
                BarePort.FIND
                        + "dd if=/dev/zero bs=64k count=%d status=none of=/dev/${port##*/}"
                                .formatted(SinkServer.BYTES / PIECE),
                (in, _, times) -> {
                    long began = times.began.get();
                    swallow(in);
                    return SinkServer.rate(SinkServer.BYTES, began, System.nanoTime());
                });
    }

    private static void swallow(InputStream in) throws IOException {
        byte[] piece = new byte[2 * PIECE];
        for (long left = SinkServer.BYTES; left > 0; ) {
            int got = in.read(piece);
            if (got < 0) {
                throw new IOException("the port was closed %d bytes too early".formatted(left));
            }
            left -= got;
        }
    }

    private double bareIn() throws Exception {
        return BarePort.measure(
                machine,
                BarePort.FIND
                        + """
                        exec 3<>/dev/${port##*/}
                        printf r >&3
                        dd bs=64k iflag=fullblock count=%d status=none of=/dev/null <&3
                        printf d >&3
                        """
                                .formatted(SinkServer.BYTES / PIECE),
                (in, out, _) -> {
                    expect(in, 'r');
                    long began = System.nanoTime();
                    pour(out);
                    expect(in, 'd');
                    return SinkServer.rate(SinkServer.BYTES, began, System.nanoTime());
                });
    }

    private static void expect(InputStream in, char word) throws IOException {
        int got = in.read();
        if (got != word) {
            throw new IOException("the program said %d in place of %s".formatted(got, word));
        }
    }

    private static void pour(OutputStream out) throws IOException {
        byte[] piece = new byte[PIECE];
        Arrays.fill(piece, (byte) 7);
        for (long left = SinkServer.BYTES; left > 0; left -= piece.length) {
            out.write(piece);
        }
    }
}
