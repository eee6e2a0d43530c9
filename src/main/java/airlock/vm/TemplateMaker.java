package airlock.vm;

import airlock.vm.VmFiles.Origin;
import airlock.vm.QemuMonitor.QemuFailure;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Boots a VM to its gate, in the same walls as any other, has it do a [Rehearsal], and saves it at
/// its gate.
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
        if (!make(directory, true)) {
            make(directory, false);
        }
    }

    /// @return false if the rehearsal failed; then nothing is made
    private boolean make(Path directory, boolean rehearsed)
            throws IOException, InterruptedException {
        try {
            var origin = new Origin.Making(ram, saved);
            Drives.make(spec, files, origin);
            var qemu = new QemuInstance(setting, spec, files, origin);
            try {
                awaitGate(qemu);
                if (rehearsed && !rehearse(qemu)) {
                    return false;
                }
                qemu.monitor().save(saved);
                qemu.quit();
            } finally {
                qemu.end();
            }
            keep(directory);
            return true;
        } finally {
            files.remove();
        }
    }

    private boolean rehearse(QemuInstance qemu) throws IOException, InterruptedException {
        try {
            var now = setting.clock().instant();
            Rehearsal.run(qemu.channel(Port.LOG), now, spec.limits().boot());
            return true;
        } catch (QemuFailure e) {
            LOG.info("a template is made without rehearsal: {}", e.why());
            return false;
        }
    }

    private void awaitGate(QemuInstance qemu) throws IOException, InterruptedException {
        qemu.load(new VmTimes.Stopwatch());
        var console = new ConsolePump(qemu.channel(Port.CONSOLE), spec.console(), 1 << 20);
        Thread.ofVirtual().name("template-console").start(console);
        qemu.monitor().run();
        var in = Channels.newInputStream(qemu.channel(Port.LOG));
        // an image's own kernel halts after a panic
        Supplier<Optional<String>> panic =
                () -> console.panic().map(why -> "the guest's kernel panicked: " + why);
        try {
            Rehearsal.read(() -> Rehearsal.ready(in), spec.bootTime(), panic)
                    .orElseThrow(() -> new QemuFailure("it took too long"));
        } catch (QemuFailure e) {
            throw new IOException(
                    "the guest was not ready in %d s: %s; console: %s"
                            .formatted(
                                    spec.bootTime().toSeconds(), e.why(), console.lastLine()),
                    e);
        }
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
