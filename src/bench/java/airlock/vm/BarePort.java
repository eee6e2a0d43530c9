package airlock.vm;

import airlock.vm.VmFiles.Port;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.time.Instant;

/// A machine whose program reads and writes the uplink port by itself, for measurements: what the
/// port gives to whoever has it alone.
final class BarePort {
    /// Where a shell's text finds the port: `/dev/${port##*/}`.
    static final String FIND =
            """
            port=$(grep -lx ci.uplink /sys/class/virtio-ports/*/name)
            port=${port%/name}
            """;

    private BarePort() {}

    /// The host's end of the port.
    @FunctionalInterface
    interface Measured {
        /// Measures there.
        ///
        /// @param times when the program began and ended
        double measure(InputStream in, OutputStream out, BenchMachine.StepTimes times)
                throws Exception;
    }

    /// Boots a machine that runs `script` with bash, and measures at the host's end of its port.
    static double measure(BenchMachine machine, String script, Measured measured) throws Exception {
        var spec = machine.spec(machine.boot, BenchMachine.shell(script));
        var times = new BenchMachine.StepTimes();
        try (var vm = BareVm.start(machine.setting(), spec, "")) {
            var gate =
                    new LogPump(
                            vm.port(Port.LOG),
                            spec,
                            times,
                            () ->
                                    new HostLine(
                                            HostLine.Word.RUN,
                                            Instant.now(),
                                            new byte[HostLine.SEED_BYTES]),
                            _ -> {});
            Thread.ofVirtual().start(() -> gate.run(false));
            var port = vm.port(Port.UPLINK);
            return measured.measure(
                    Channels.newInputStream(port), Channels.newOutputStream(port), times);
        }
    }
}
