package airlock.vm;

import airlock.base.Trees;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.RecordReader.Reading;
import airlock.vm.VmFiles.Port;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Boots a VM to its gate, in the walls of any other, lets it do a rehearsal, and saves it at its
/// gate: what every phase reads of the system disk is in its memory then.
final class TemplateMaker {
    private static final Logger LOG = LoggerFactory.getLogger(TemplateMaker.class);
    private static final String READ_ONLY = "r--r--r--";

    private final QemuSetting setting;
    private final VmSpec spec;
    private final VmFiles files;
    private final OptionalInt user;
    private final Path ram;
    private final Path saved;

    /// @param name of the VM, see [VmSpec]
    TemplateMaker(QemuSetting setting, String name, BootFiles boot, VmShape shape) {
        this.setting = setting;
        this.files = new VmFiles(setting.directory().resolve(name), setting.memory().resolve(name));
        this.spec = TemplateKey.spec(name, boot, shape, files.directory().resolve("console"));
        this.user = setting.cage().newUser();
        this.ram = files.directory().resolve("ram");
        this.saved = files.directory().resolve("saved");
    }

    /// Makes it.
    ///
    /// @param directory gets its files; it does not exist yet
    /// @throws IOException when it can't be made, with what was seen
    void make(Path directory) throws IOException, InterruptedException {
        var refused = make(directory, true);
        if (refused.isPresent()) {
            LOG.info("a template has no rehearsal behind it: {}", refused.orElseThrow());
            make(directory, false);
        }
    }

    /// @return why there was no rehearsal where one was wanted; then nothing is made
    private Optional<String> make(Path directory, boolean rehearsed)
            throws IOException, InterruptedException {
        try {
            var refused = boot(rehearsed);
            if (refused.isEmpty()) {
                keep(directory);
            }
            return refused;
        } finally {
            Trees.remove(files.memory());
            Trees.remove(files.directory());
        }
    }

    private Optional<String> boot(boolean rehearsed) throws IOException, InterruptedException {
        var parts = new QemuParts(setting, spec, files, new Origin.Making(ram, saved), user);
        parts.make();
        Drives.empty(ram, (long) spec.shape().memoryMib() << 20);
        Files.createFile(saved);
        try (var ports = Ports.listen(files)) {
            files.handOver(spec, parts.origin(), user);
            return save(parts, ports, rehearsed);
        }
    }

    private Optional<String> save(QemuParts parts, Ports ports, boolean rehearsed)
            throws IOException, InterruptedException {
        var qemu = new QemuSession(parts, ports, _ -> {});
        try {
            require(qemu.connect());
            var console = new ConsolePump(ports.channel(Port.CONSOLE), spec.console(), 1 << 20);
            Thread.ofVirtual().name("template-console").start(console);
            require(qemu.run());
            var log = ports.channel(Port.LOG);
            awaitGate(log, console);
            var refused =
                    rehearsed
                            ? Rehearsal.run(log, setting.clock().instant(), spec.limits().boot())
                            : Optional.<String>empty();
            if (refused.isEmpty()) {
                require(qemu.save(saved));
                qemu.quit();
            }
            return refused;
        } finally {
            qemu.end();
        }
    }

    private static void require(Optional<String> problem) throws IOException {
        if (problem.isPresent()) {
            throw new IOException(problem.orElseThrow());
        }
    }

    private void awaitGate(SocketChannel log, ConsolePump console)
            throws IOException, InterruptedException {
        var first = new CompletableFuture<Reading>();
        Thread.ofVirtual()
                .name("template-gate")
                .start(
                        () -> {
                            var in = new BufferedInputStream(Channels.newInputStream(log));
                            try {
                                first.complete(new RecordReader(in, 0).next());
                            } catch (IOException e) {
                                first.completeExceptionally(e);
                            }
                        });
        try {
            var reading = awaited(first, console);
            if (!(reading instanceof Reading.Read(GuestRecord.Ready _))) {
                throw new IOException(
                        "the guest sent %s instead of being ready; console: %s"
                                .formatted(reading, console.lastLine()));
            }
        } catch (ExecutionException e) {
            throw new IOException("the log port can't be read: " + e.getCause(), e);
        }
    }

    /// A kernel that is not ours stands still when it panics.
    private Reading awaited(CompletableFuture<Reading> first, ConsolePump console)
            throws IOException, InterruptedException, ExecutionException {
        for (long seconds = spec.bootTime().toSeconds(); seconds > 0; seconds--) {
            try {
                return first.get(1, TimeUnit.SECONDS);
            } catch (TimeoutException _) {
                var panic = console.panic();
                if (panic.isPresent()) {
                    throw new IOException("the guest's kernel panicked: " + panic.orElseThrow());
                }
            }
        }
        throw new IOException(
                "the guest was not ready %d s after its start; console: %s"
                        .formatted(spec.bootTime().toSeconds(), console.lastLine()));
    }

    private void keep(Path directory) throws IOException, InterruptedException {
        var template = new Template(directory);
        Files.createDirectory(
                directory,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
        Files.move(ram, template.ram());
        Files.move(saved, template.saved());
        Files.move(files.overlay(), template.disk());
        Drives.withoutHoles(files.drive(Drive.SCRATCH), template.scratch());
        Drives.overlay(template.blankDisk(), template.disk());
        Drives.overlay(template.blankScratch(), template.scratch());
        for (Path file : template.read()) {
            if (user.isPresent()) {
                Files.setAttribute(file, "unix:uid", 0, LinkOption.NOFOLLOW_LINKS);
            }
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(READ_ONLY));
        }
        template.seal();
    }
}
