package airlock.vm;

import airlock.vm.VmFiles.Origin;
import airlock.sandbox.Hierarchy.Weight;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A clone that is loaded, has done its [Rehearsal] and is paused until a VM is wanted. Its owner
/// ends it, or makes it a VM once and ends that.
final class ReadyClone {
    private static final Logger LOG = LoggerFactory.getLogger(ReadyClone.class);

    private final Template template;
    private final ReadyClones.Kind kind;
    private final QemuInstance qemu;
    private final long born = System.nanoTime();

    private ReadyClone(Template template, ReadyClones.Kind kind, QemuInstance qemu) {
        this.template = template;
        this.kind = kind;
        this.qemu = qemu;
    }

    /// Starts one, which takes less than a second on an idle machine.
    ///
    /// @param name of its VM until it becomes another
    /// @throws QemuFailure if it is no good
    static ReadyClone make(QemuSetting setting, Template template, ReadyClones.Kind kind, String name)
            throws IOException, InterruptedException {
        var files = setting.files(name);
        var spec =
                Rehearsal.cloneSpec(
                        name, kind.model(), files.directory().resolve("console"), kind.longest());
        var origin = new Origin.Clone(template);
        boolean made = false;
        try {
            Drives.make(spec, files, origin);
            var qemu = new QemuInstance(setting, spec, files, origin);
            try {
                qemu.weigh(Weight.LIGHT);
                qemu.load(new VmTimes.Stopwatch());
                Rehearsal.run(qemu, setting.clock().instant(), spec.limits().boot());
                made = true;
                return new ReadyClone(template, kind, qemu);
            } finally {
                if (!made) {
                    qemu.end();
                }
            }
        } finally {
            if (!made) {
                files.remove();
            }
        }
    }

    Template template() {
        return template;
    }

    ReadyClones.Kind kind() {
        return kind;
    }

    /// Whether such VMs have another template by now.
    boolean isOutdated(Template current, VmSpec other) {
        return !template.equals(current) && kind.model().equals(other.model());
    }

    /// Whether it can become such a VM.
    boolean fits(Template wanted, VmSpec other) {
        return template.equals(wanted) && other.limits().time().compareTo(kind.longest()) <= 0;
    }

    Duration age() {
        return Duration.ofNanos(System.nanoTime() - born);
    }

    boolean isDead() {
        return qemu.isOver();
    }

    /// Makes it the wanted VM, still paused: renames its files and fills its drives.
    QemuInstance become(VmSpec wanted, VmFiles files)
            throws IOException, InterruptedException {
        boolean became = false;
        try {
            qemu.rename(files);
            for (var input : wanted.contents().entrySet()) {
                if (input.getKey() != Drive.SECRETS) {
                    fill(files.drive(input.getKey()), input.getValue());
                }
            }
            fill(files.drive(Drive.PLAN), Drives.plan(wanted));
            qemu.weigh(Weight.USUAL);
            became = true;
            return qemu;
        } finally {
            if (!became) {
                end();
            }
        }
    }

    private static void fill(Path drive, DriveContent content) throws IOException {
        try (var out = FileChannel.open(drive, StandardOpenOption.WRITE)) {
            Drives.fill(out, content);
        }
    }

    /// Ends it and removes its files.
    void end() throws InterruptedException {
        try {
            qemu.end();
        } catch (IOException e) {
            LOG.warn("cannot end {} properly: {}", qemu.files().directory(), e.toString());
        } finally {
            qemu.files().tryToRemove();
        }
    }
}
