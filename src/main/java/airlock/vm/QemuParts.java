package airlock.vm;

import airlock.program.Program;
import airlock.vm.QemuVmHost.QemuSetting;
import java.io.IOException;
import java.util.OptionalInt;

/// What one QEMU is started of.
///
/// @param user whom it runs as; empty for our own
record QemuParts(QemuSetting setting, VmSpec spec, VmFiles files, Origin origin, OptionalInt user) {

    private Box box() {
        return Box.of(spec, files, setting.accelerator(), origin);
    }

    /// The control group that it is to run in; whoever asks closes it.
    ControlGroup group() throws IOException {
        return setting.cage().group(box(), files.directory());
    }

    /// Starts it in its walls.
    Process launch(ControlGroup group) throws IOException, InterruptedException {
        var box = box();
        var command = QemuCommand.of(spec, files, setting.accelerator(), origin);
        var program =
                Program.of(group.enter(setting.cage().wrap(box, user, box.groups(), command)))
                        .withErrorsInOutput()
                        .withOnly(Cage.ENVIRONMENT);
        return setting.launcher().start(program);
    }

    /// Makes all files that it opens, for its user.
    void make() throws IOException, InterruptedException {
        files.create();
        VmDrives.make(spec, files, origin);
    }
}
