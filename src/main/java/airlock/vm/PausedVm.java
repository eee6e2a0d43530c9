package airlock.vm;

import airlock.vm.VmFiles.Port;
import airlock.vm.VmTimes.Part;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.function.Consumer;

/// A QEMU whose guest stands still until it is let run, with all that the host holds of it.
/// Whoever starts it ends it; then no process of it is left.
final class PausedVm {
    private final QemuParts parts;
    private final Ports ports;
    private final FileChannel secrets;
    private final QemuSession qemu;
    private VmFiles files;
    private Optional<Serving> uplink = Optional.empty();

    private record Serving(PortServer server, Thread thread) {}

    private PausedVm(QemuParts parts, Ports ports, FileChannel secrets, QemuSession qemu) {
        this.parts = parts;
        this.ports = ports;
        this.secrets = secrets;
        this.qemu = qemu;
        this.files = parts.files();
    }

    /// Starts QEMU; its files are there.
    ///
    /// @param signals hear what QEMU tells, and its end
    static PausedVm start(QemuParts parts, Consumer<VmSignal> signals)
            throws IOException, InterruptedException {
        var ports = Ports.listen(parts.files());
        try {
            parts.files().handOver(parts.spec(), parts.origin(), parts.user());
            var secrets = FileChannel.open(secrets(parts.files()), StandardOpenOption.WRITE);
            try {
                return new PausedVm(parts, ports, secrets, new QemuSession(parts, ports, signals));
            } catch (IOException | InterruptedException | RuntimeException e) {
                secrets.close();
                throw e;
            }
        } catch (IOException | InterruptedException | RuntimeException e) {
            ports.close();
            throw e;
        }
    }

    private static Path secrets(VmFiles files) {
        return files.drive(Drive.SECRETS);
    }

    /// Waits until QEMU has all it needs and the guest stands at its beginning.
    ///
    /// @return why it does not; empty when it does
    Optional<String> load(Marks marks) throws IOException, InterruptedException {
        var problem = qemu.connect();
        marks.mark(Part.QEMU);
        if (problem.isEmpty() && parts.origin() instanceof Origin.Clone(var template)) {
            problem = qemu.load(template.saved());
            marks.mark(Part.LOAD);
        }
        if (problem.isEmpty()) {
            // QEMU has opened it; from here on the secrets have no name
            Files.delete(secrets(files));
        }
        return problem;
    }

    /// Gives its files other names: those of the VM that it becomes. QEMU has all of them open.
    void rename(VmFiles names) throws IOException {
        Files.move(files.memory(), names.memory());
        Files.move(files.directory(), names.directory());
        files = names;
    }

    VmFiles files() {
        return files;
    }

    Origin origin() {
        return parts.origin();
    }

    QemuSession qemu() {
        return qemu;
    }

    SocketChannel channel(Port port) {
        return ports.channel(port);
    }

    /// Fills the secrets' drive, which the guest has not read yet.
    void fillSecrets(DriveContent content) throws IOException {
        Drives.fill(secrets, content);
    }

    /// Has its uplink port served, in a thread of its own.
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

    /// Ends it. Whoever serves its uplink has told then what there is to tell.
    void end() throws IOException, InterruptedException {
        try {
            qemu.end();
        } finally {
            ports.close();
            secrets.close();
        }
        if (uplink.isPresent()) {
            uplink.orElseThrow().server().over();
            uplink.orElseThrow().thread().join();
        }
        files.takeBack(parts.spec(), parts.user());
    }
}
