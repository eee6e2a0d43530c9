package airlock.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Fills the drives of one VM as its spec says.
final class VmDrives {
    private VmDrives() {}

    /// The end of a VM whose steps or inputs do not fit.
    static Optional<VmEnd> refuse(VmSpec spec) throws IOException {
        if (StepList.encode(spec.steps(), spec.limits().guest())
                instanceof StepList.Encoding.Refused(var step, var reason)) {
            return Optional.of(
                    new VmEnd.OverLimit(
                            VmEnd.Limited.STEPS,
                            step < 0 ? reason : "step %d: %s".formatted(step + 1, reason)));
        }
        return Drives.misfit(spec).map(why -> new VmEnd.OverLimit(VmEnd.Limited.INPUT, why));
    }

    /// Makes all drives and the overlay. The secrets' drive stays empty: it is filled when the
    /// guest waits at its gate. Nothing of a run may be in a VM that becomes a template:
    /// its spec has no content.
    static void make(VmSpec spec, VmFiles files, Origin origin)
            throws IOException, InterruptedException {
        switch (origin) {
            case Origin.Cold _, Origin.Making _ ->
                    Drives.overlay(files.overlay(), spec.boot().disk());
            case Origin.Clone(var template) -> Drives.same(template.blankDisk(), files.overlay());
        }
        for (Drive drive : Drive.values()) {
            var file = files.drive(drive);
            long slot = spec.shape().slots().of(drive);
            switch (drive) {
                case PLAN -> Drives.filled(file, slot, plan(spec));
                case SCRATCH -> {
                    if (origin instanceof Origin.Clone(var template)) {
                        Drives.same(template.blankScratch(), file);
                    } else {
                        Drives.scratch(file, slot);
                    }
                }
                case SECRETS -> Drives.empty(file, slot);
                case SOURCE, ARTIFACTS, CACHE, DEPENDENCIES -> input(file, slot, drive, spec);
            }
        }
    }

    private static void input(Path file, long slot, Drive drive, VmSpec spec) throws IOException {
        var content = spec.contents().get(drive);
        if (content == null) {
            Drives.empty(file, slot);
        } else {
            Drives.filled(file, slot, content);
        }
    }

    /// What the plan's drive holds.
    static DriveContent plan(VmSpec spec) throws IOException {
        return switch (StepList.encode(spec.steps(), spec.limits().guest())) {
            case StepList.Encoding.Encoded plan -> new DriveContent.Bytes(plan.drive());
            case StepList.Encoding.Refused(_, var reason) ->
                    throw new IOException("refused before: " + reason);
        };
    }
}
