package airlock.vm;

import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.RecordReader.Reading;
import airlock.vm.VmFiles.Port;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Boots a VM to its gate, in the same walls as any other, has it do a [Rehearsal], and saves it at
/// its gate. Its memory then holds
/// the parts of the system disk that every phase reads.
final class TemplateMaker {
    private static final Logger LOG = LoggerFactory.getLogger(TemplateMaker.class);
    private static final String READ_ONLY = "r--r--r--";

    private final QemuSetting setting;
    private final VmSpec spec;
    private final VmFiles files;
    private final Path ram;
    private final Path saved;

    /// @param name of the VM, see [VmSpec]
    TemplateMaker(QemuSetting setting, String name, VmModel model) {
        this.setting = setting;
        this.files = setting.files(name);
        Path directory = files.directory();
        this.spec = Rehearsal.templateSpec(name, model, directory.resolve("console"));
        this.ram = directory.resolve("ram");
        this.saved = directory.resolve("saved");
    }

    /// Makes it.
    ///
    /// @param directory gets its files; must not exist
    /// @throws IOException if it can't be made, with the reason
    void make(Path directory) throws IOException, InterruptedException {
        var refused = make(directory, true);
        if (refused.isPresent()) {
            LOG.info("a template is made without rehearsal: {}", refused.orElseThrow());
            make(directory, false);
        }
    }

    /// @return why the rehearsal failed; then nothing is made
    private Optional<String> make(Path directory, boolean rehearsed)
            throws IOException, InterruptedException {
        try {
            var origin = new Origin.Making(ram, saved);
            Drives.make(spec, files, origin);
            var qemu = new QemuInstance(setting, spec, files, origin, _ -> {});
            Optional<String> refused;
            try {
                refused = save(qemu, rehearsed);
            } finally {
                qemu.end();
            }
            if (refused.isEmpty()) {
                keep(directory);
            }
            return refused;
        } finally {
            files.remove();
        }
    }

    private Optional<String> save(QemuInstance qemu, boolean rehearsed)
            throws IOException, InterruptedException {
        require(qemu.load(new VmTimes.Stopwatch()));
        var console = new ConsolePump(qemu.channel(Port.CONSOLE), spec.console(), 1 << 20);
        Thread.ofVirtual().name("template-console").start(console);
        require(qemu.monitor().run());
        var log = qemu.channel(Port.LOG);
        awaitGate(log, console);
        if (rehearsed) {
            var refused = Rehearsal.run(log, setting.clock().instant(), spec.limits().boot());
            if (refused.isPresent()) {
                return refused;
            }
        }
        require(qemu.monitor().save(saved));
        qemu.quit();
        return Optional.empty();
    }

    private static void require(Optional<String> problem) throws IOException {
        if (problem.isPresent()) {
            throw new IOException(problem.orElseThrow());
        }
    }

    private void awaitGate(SocketChannel log, ConsolePump console)
            throws IOException, InterruptedException {
        var in = new BufferedInputStream(Channels.newInputStream(log));
        var first = new FutureTask<>(() -> new RecordReader(in, 0).next());
        Thread.ofVirtual().name("template-gate").start(first);
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

    /// An image's own kernel halts after a panic.
    private Reading awaited(Future<Reading> first, ConsolePump console)
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
        VmFiles.makePassable(directory);
        Files.move(ram, template.ram());
        Files.move(saved, template.saved());
        Files.move(files.overlay(), template.disk());
        Drives.withoutHoles(files.drive(Drive.SCRATCH), template.scratch());
        Drives.overlay(template.blankDisk(), template.disk());
        Drives.overlay(template.blankScratch(), template.scratch());
        for (Path file : template.read()) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(READ_ONLY));
        }
        template.seal();
    }
}
