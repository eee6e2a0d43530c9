package airlock.vm;

import airlock.base.Trees;
import airlock.program.Tail;
import airlock.vm.QemuInstance.Ports;
import airlock.vm.QemuSandbox.SandboxSpec;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmModel.DriveSlots;
import airlock.vm.VmModel.VmShape;
import airlock.vm.VmSpec.VmLimits;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/// A server's files, sockets and processes, a VM's box beside them, and `escape.pl` in QEMU's
/// place. The server's process is this one.
final class EscapeScene implements AutoCloseable {
    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final Duration DYING = Duration.ofSeconds(5);
    private static final int OTHER_VM = 1_899_999_999;

    private final Path directory;
    private final QemuSandbox cage;
    private final OptionalInt user;
    private final VmSpec spec;
    private final VmFiles files;
    private final VmFiles other;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private final String program;
    private final ServerSocket loopback;
    private final ServerSocket server;
    private final OutsideHost outside;

    EscapeScene(Path directory, QemuSandbox cage) throws IOException, InterruptedException {
        this.directory = directory;
        this.cage = cage;
        this.user = cage.newUser();
        this.program = Files.readString(Path.of("src/test/resources/airlock/vm/escape.pl"));
        file("state/airlock.db", "SQLite format 3");
        file("state/secret.key", "0123456789abcdef");
        file("config/secrets/forge-token", "token");
        file("home/.ssh/id_ed25519", "key");
        file("images/kernel", "kernel");
        file("images/initramfs", "initramfs");
        Files.write(file("images/disk.qcow2", ""), disk());
        Files.createDirectory(directory.resolve("vms"));
        Path memory = MemoryPlace.of(directory, Optional.empty());
        spec = spec();
        files = new VmFiles(directory.resolve("vms/escaped"), memory.resolve("escaped"));
        other = new VmFiles(directory.resolve("vms/other"), memory.resolve("other"));
        open.push(() -> Files.deleteIfExists(memory));
        makeVm(other, cage.newUser().isPresent() ? OptionalInt.of(OTHER_VM) : user);
        makeVm(files, user);
        var control = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        open.push(control);
        control.bind(UnixDomainSocketAddress.of(path("state/control.sock")));
        Files.setPosixFilePermissions(
                Path.of(path("state/control.sock")), PosixFilePermissions.fromString("rw-------"));
        loopback = opened(new ServerSocket(0, 8, InetAddress.ofLiteral("127.0.0.1")));
        server = opened(new ServerSocket(0));
        outside = opened(OutsideHost.open(program));
        var helper = new ProcessBuilder(perl(List.of("listen-abstract", mark()))).start();
        open.push(helper::destroyForcibly);
        helper.inputReader().readLine();
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }

    private Path file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    /// The header fields of a qcow2 disk of 1 GiB that are read.
    private static byte[] disk() {
        return ByteBuffer.allocate(512)
                .put("QFI\u00fb".getBytes(StandardCharsets.ISO_8859_1))
                .putInt(3)
                .putLong(24, 1L << 30)
                .array();
    }

    private VmSpec spec() {
        Path images = directory.resolve("images");
        return new VmSpec(
                "escaped",
                new VmModel(
                        new BootFiles(
                                images.resolve("kernel"),
                                images.resolve("initramfs"),
                                images.resolve("disk.qcow2")),
                        new VmShape(1, 256, DriveSlots.standard().with(Drive.SCRATCH, 64L << 20))),
                List.of(),
                Map.of(),
                Set.of(Drive.ARTIFACTS),
                directory.resolve("console"),
                VmLimits.standard(Duration.ofMinutes(1)),
                Optional.empty());
    }

    private void makeVm(VmFiles vm, OptionalInt owner) throws IOException, InterruptedException {
        open.push(() -> Trees.remove(vm.memory()));
        Drives.make(spec, vm, new Origin.Cold());
        opened(Ports.listen(vm));
        vm.handOver(spec, new Origin.Cold(), owner);
    }

    /// The outcome of an attempt without the box, which shows that it would succeed.
    String without(EscapeAttempt attempt) throws IOException, InterruptedException {
        var size = Files.size(files.overlay());
        String said = outcome(attempt, perl(attempt.command(this)));
        try (var overlay = FileChannel.open(files.overlay(), StandardOpenOption.WRITE)) {
            overlay.truncate(size);
        }
        return afterwards(attempt, said);
    }

    /// The outcome in the box, as [QemuInstance] makes it for QEMU.
    String inside(EscapeAttempt attempt) throws IOException, InterruptedException {
        var box = box();
        String said;
        try (var group = cage.group(box, files.directory())) {
            var argv = perl(attempt.command(this));
            said = outcome(attempt, group.enter(cage.wrap(box, user, box.groups(), argv)));
        }
        return afterwards(attempt, said);
    }

    /// The outcome, corrected if a left shell ended with the VM.
    private String afterwards(EscapeAttempt attempt, String said) throws InterruptedException {
        boolean left = attempt == EscapeAttempt.LEAVE_SHELL && said.equals("yes");
        return left && shells().isEmpty() ? "no: it ended with the VM" : said;
    }

    private String outcome(EscapeAttempt attempt, List<String> line)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(line).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        var process = builder.start();
        process.getOutputStream().close();
        var said = new Tail(1 << 16);
        var reader = Thread.ofVirtual().start(() -> said.drain(process.getInputStream()));
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            QemuProcess.kill(
                    Stream.concat(process.descendants(), Stream.of(process.toHandle())).toList());
        }
        reader.join(DYING);
        var lines = said.text().lines().toList();
        if (lines.isEmpty() || !lines.getFirst().equals("begun")) {
            throw new IllegalStateException(attempt + " did not begin: " + said.text());
        }
        return lines.size() > 1 ? lines.getLast() : "no: ended with code " + process.exitValue();
    }

    /// Ends the shells that were left, and returns those that were still running.
    private List<ProcessHandle> shells() throws InterruptedException {
        var left = new ArrayList<ProcessHandle>();
        for (var handle : ProcessHandle.allProcesses().filter(this::isShell).toList()) {
            try {
                handle.onExit().get(DYING.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException | ExecutionException _) {
                left.add(handle);
            }
        }
        for (var handle : left) {
            handle.descendants().forEach(ProcessHandle::destroyForcibly);
            handle.destroyForcibly();
        }
        return left;
    }

    private boolean isShell(ProcessHandle process) {
        try {
            var line = Files.readString(Path.of("/proc", "" + process.pid(), "cmdline"));
            return line.startsWith("/bin/sh\0") && line.endsWith("\0" + mark() + "\0");
        } catch (IOException _) {
            return false;
        }
    }

    private List<String> perl(List<String> command) {
        var line = new ArrayList<>(List.of("/usr/bin/perl", "-e", program));
        line.addAll(command);
        return line;
    }

    SandboxSpec box() {
        return SandboxSpec.of(spec, files, Accelerator.TCG, new Origin.Cold());
    }

    long groupMemory() {
        return cage.groupMemory(box());
    }

    /// A file of the scene by its path from the scene's directory.
    String path(String path) {
        return directory.resolve(path).toString();
    }

    String otherDrive() {
        return other.overlay().toString();
    }

    String otherSecrets() {
        return other.drive(Drive.SECRETS).toString();
    }

    String input() {
        return files.drive(Drive.SOURCE).toString();
    }

    String overlay() {
        return files.overlay().toString();
    }

    String folder() {
        return files.directory().toString();
    }

    String server() {
        return Long.toString(ProcessHandle.current().pid());
    }

    /// The process id of a bystander.
    String victim() {
        try {
            var victim = new ProcessBuilder("sleep", "600").start();
            open.push(victim::destroyForcibly);
            return Long.toString(victim.pid());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Marks this scene's own processes and sockets.
    String mark() {
        return "airlock-escape-" + server();
    }

    String loopbackPort() {
        return Integer.toString(loopback.getLocalPort());
    }

    String serverPort() {
        return Integer.toString(server.getLocalPort());
    }

    /// An address of this host that others reach, if one could be made.
    String hostAddress() {
        return outside.hindrance().isEmpty() ? OutsideHost.HERE : "127.0.0.1";
    }

    String outsidePort() {
        return outside.port();
    }

    String outsideHindrance() {
        return outside.hindrance();
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
