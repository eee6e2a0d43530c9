package airlock.vm;

import airlock.program.Program;
import airlock.sandbox.Hierarchy.Weight;
import airlock.vm.ControlGroups.ControlGroup;
import airlock.vm.EndState.VmSignal;
import airlock.vm.QemuMonitor.QemuFailure;
import airlock.vm.QemuSandbox.SandboxSpec;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.Vm.VmTimes;
import airlock.vm.Vm.VmTimes.Part;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmFiles.Port;
import airlock.vm.VmLeftovers.RunMarker;
import airlock.vm.VmSpec.DriveContent;
import airlock.vm.VmSpec.PortServer;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// One QEMU: its process inside the walls, its ports, its monitor and its files. The guest is
/// paused until [QemuMonitor#run]. Its starter must [#end] it.
final class QemuInstance {
    private static final Duration ANSWER = Duration.ofSeconds(10);
    private static final Duration CONNECT = Duration.ofSeconds(30);

    private final VmSpec spec;
    private final Origin origin;
    private final OptionalInt user;
    private final Ports ports;
    private final ControlGroup group;
    private final QemuProcess process;
    private VmFiles files;
    private Optional<QemuMonitor> monitor = Optional.empty();
    private Optional<FileChannel> secrets = Optional.empty();
    private Optional<Serving> uplink = Optional.empty();
    private CompletableFuture<Void> told = CompletableFuture.completedFuture(null);
    private volatile Consumer<VmSignal> signals = _ -> {};
    private boolean quits;

    private record Serving(PortServer server, Thread thread) {}

    /// Starts QEMU.
    ///
    /// @param files those that [Drives#make] made
    QemuInstance(QemuSetting setting, VmSpec spec, VmFiles files, Origin origin)
            throws IOException {
        this.spec = spec;
        this.files = files;
        this.origin = origin;
        this.user = setting.cage().newUser();
        this.ports = Ports.listen(files);
        try {
            files.handOver(spec, origin, user);
            var box = SandboxSpec.of(spec, files, setting.accelerator(), origin);
            this.group = setting.cage().group(box, files.directory());
            try {
                this.process = new QemuProcess(launch(setting, box));
                var _ = process.exit().thenRun(ports::refuse);
            } catch (IOException | RuntimeException e) {
                group.close();
                throw e;
            }
        } catch (IOException | RuntimeException e) {
            ports.close();
            throw e;
        }
    }

    private Process launch(QemuSetting setting, SandboxSpec box) throws IOException {
        var command = QemuCommand.of(spec, files, setting.accelerator(), origin);
        var line = group.enter(setting.cage().wrap(box, user, box.groups(), command));
        return setting.launcher()
                .start(Program.of(line).withErrorsInOutput().withOnly(QemuSandbox.ENVIRONMENT));
    }

    /// Tells `heard` QEMU's events from now on, and its end, even if that is over.
    void tell(Consumer<VmSignal> heard) {
        signals = heard;
        told = process.exit().thenAccept(heard);
    }

    /// Waits until QEMU has connected to its ports and the guest is loaded.
    void load(VmTimes.Stopwatch times) throws IOException, InterruptedException {
        connect();
        times.mark(Part.QEMU);
        if (origin instanceof Origin.Clone(var template)) {
            monitor().load(template.saved());
            times.mark(Part.LOAD);
        }
        var drive = files.drive(Drive.SECRETS);
        secrets = Optional.of(FileChannel.open(drive, StandardOpenOption.WRITE));
        // QEMU has it open, so the secrets need no name any longer
        Files.delete(drive);
    }

    private void connect() throws IOException, InterruptedException {
        RunMarker.write(files.directory(), process.pid());
        var late =
                CompletableFuture.runAsync(
                        ports::refuse,
                        CompletableFuture.delayedExecutor(
                                CONNECT.toMillis(), TimeUnit.MILLISECONDS));
        try {
            ports.accept();
        } catch (IOException _) {
            throw new QemuFailure("QEMU did not connect in %d s".formatted(CONNECT.toSeconds()));
        } finally {
            late.cancel(false);
        }
        process.look();
        var opened =
                new QemuMonitor(ports.channel(Port.QMP), ANSWER, event -> signals.accept(event));
        monitor = Optional.of(opened);
        opened.open();
    }

    /// Renames its files to those of the VM that it becomes; QEMU has all of them open.
    void rename(VmFiles names) throws IOException {
        Files.move(files.memory(), names.memory());
        Files.move(files.directory(), names.directory());
        files = names;
    }

    VmFiles files() {
        return files;
    }

    boolean isOver() {
        return process.exit().isDone();
    }

    boolean isClone() {
        return origin instanceof Origin.Clone;
    }

    QemuMonitor monitor() {
        return monitor.orElseThrow();
    }

    SocketChannel channel(Port port) {
        return ports.channel(port);
    }

    void weigh(Weight weight) {
        group.weigh(weight);
    }

    Duration cpuTime() {
        return process.cpuTime();
    }

    VmEnd explained(VmEnd end) {
        return group.explained(end);
    }

    /// Fills the drive of the secrets, which the guest has not read yet.
    void fillSecrets(DriveContent content) throws IOException {
        Drives.fill(secrets.orElseThrow(), content);
    }

    void serve(PortServer server) {
        var channel = channel(Port.UPLINK);
        var thread =
                Thread.ofVirtual()
                        .name("vm-uplink")
                        .start(
                                () ->
                                        server.serve(
                                                Channels.newInputStream(channel),
                                                Channels.newOutputStream(channel)));
        uplink = Optional.of(new Serving(server, thread));
    }

    /// Asks QEMU to exit, so that [#end] need not kill it.
    void quit() throws InterruptedException {
        try {
            monitor().execute("quit");
            quits = true;
        } catch (QemuFailure _) {
            // it is killed
        }
    }

    /// Ends it. When this returns, all its processes have ended and its uplink is no longer served.
    void end() throws IOException, InterruptedException {
        try {
            process.end(quits);
            told.join();
        } finally {
            monitor.ifPresent(QemuMonitor::close);
            group.close();
            ports.close();
            if (secrets.isPresent()) {
                secrets.orElseThrow().close();
            }
        }
        if (uplink.isPresent()) {
            uplink.orElseThrow().server().over();
            uplink.orElseThrow().thread().join();
        }
        files.takeBack(spec, origin, user);
    }

    /// The host's ends of a VM's ports. Each accepts one connection, QEMU's, and then stops
    /// listening.
    static final class Ports implements AutoCloseable {
        private final Map<Port, ServerSocketChannel> listening = new EnumMap<>(Port.class);
        private final Map<Port, SocketChannel> connected = new EnumMap<>(Port.class);

        private Ports() {}

        static Ports listen(VmFiles files) throws IOException {
            var ports = new Ports();
            try {
                for (Port port : Port.values()) {
                    var socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
                    ports.listening.put(port, socket);
                    socket.bind(UnixDomainSocketAddress.of(files.socket(port)), 1);
                }
                return ports;
            } catch (IOException | RuntimeException e) {
                ports.close();
                throw e;
            }
        }

        /// Waits until QEMU has connected to all.
        ///
        /// @throws IOException also if [#refuse] is called
        void accept() throws IOException {
            for (var port : listening.entrySet()) {
                connected.put(port.getKey(), port.getValue().accept());
                port.getValue().close();
            }
        }

        void refuse() {
            listening.values().forEach(Ports::close);
        }

        SocketChannel channel(Port port) {
            var channel = connected.get(port);
            if (channel == null) {
                throw new IllegalStateException(port + " is not connected");
            }
            return channel;
        }

        @Override
        public void close() {
            refuse();
            connected.values().forEach(Ports::close);
        }

        private static void close(AutoCloseable channel) {
            try {
                channel.close();
            } catch (Exception _) {
                // nothing that matters is lost
            }
        }
    }
}
