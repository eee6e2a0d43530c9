package airlock.vm;

import airlock.base.Trees;
import airlock.program.Program;
import airlock.vm.QemuInstance.Ports;
import airlock.vm.QemuSandbox.SandboxSpec;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmFiles.Port;
import airlock.vm.VmLeftovers.RunMarker;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A machine with Airlock's own command line and walls but for the kernel's line, and nobody at
/// its ports: whoever measures reads them. For the systems that ours are held against.
final class BareVm implements AutoCloseable {
    private static final Path KVM = Path.of("/dev/kvm");
    private static final Duration ANSWER = Duration.ofSeconds(30);

    private final VmFiles files;
    private final Ports ports;
    private final QemuProcess process;
    private final QemuMonitor qmp;

    private BareVm(VmFiles files, Ports ports, QemuProcess process, QemuMonitor qmp) {
        this.files = files;
        this.ports = ports;
        this.process = process;
        this.qmp = qmp;
    }

    /// Starts one; its guest runs when this returns.
    ///
    /// @param kernelWords what stands behind Airlock's own words on the kernel's line
    static BareVm start(QemuVmHost.QemuSetting setting, VmSpec spec, String kernelWords)
            throws IOException, InterruptedException {
        var files =
                new VmFiles(
                        setting.directory().resolve(spec.name()),
                        setting.memory().resolve(spec.name()));
        Drives.make(spec, files, new Origin.Cold());
        var ports = Ports.listen(files);
        var user = setting.cage().newUser();
        files.handOver(spec, new Origin.Cold(), user);
        List<Integer> groups =
                setting.accelerator() == Accelerator.TCG || user.isEmpty()
                        ? List.of()
                        : List.of((Integer) Files.getAttribute(KVM, "unix:gid"));
        var line =
                setting.cage()
                        .wrap(
                                SandboxSpec.of(
                                        spec, files, setting.accelerator(), new Origin.Cold()),
                                user,
                                groups,
                                command(setting, spec, files, kernelWords));
        var process =
                new QemuProcess(setting.launcher().start(Program.of(line).withErrorsInOutput()));
        var _ = process.exit().thenRun(ports::refuse);
        RunMarker.write(files.directory(), process.pid());
        ports.accept();
        var qmp = new QemuMonitor(ports.channel(Port.QMP), ANSWER, _ -> {});
        Thread.ofVirtual()
                .start(
                        new ConsolePump(
                                ports.channel(Port.CONSOLE),
                                spec.console(),
                                spec.limits().consoleBytes()));
        qmp.open();
        qmp.run();
        return new BareVm(files, ports, process, qmp);
    }

    private static List<String> command(
            QemuVmHost.QemuSetting setting, VmSpec spec, VmFiles files, String kernelWords) {
        var command =
                new ArrayList<>(
                        QemuCommand.of(spec, files, setting.accelerator(), new Origin.Cold()));
        int line = command.indexOf("-append") + 1;
        command.set(line, (command.get(line) + " " + kernelWords).strip());
        return command;
    }

    /// The host's end of a port.
    SocketChannel port(Port port) {
        return ports.channel(port);
    }

    @Override
    public void close() throws IOException {
        try {
            qmp.execute("quit");
            process.end(true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        qmp.close();
        ports.close();
        Trees.remove(files.directory());
        Trees.remove(files.memory());
    }
}
