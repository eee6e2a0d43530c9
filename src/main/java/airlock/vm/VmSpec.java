package airlock.vm;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// A virtual machine to start.
///
/// @param name unique on this host while the VM lives: 1 to 60 of `a-z`, `0-9`, `-`
/// @param contents input drives; a missing one is empty. Not the plan's drive, which holds `steps`,
///     nor the scratch disk
/// @param writable drives that the guest may write, besides the scratch disk; not the secrets
/// @param console file for the kernel's console, in an existing directory
/// @param uplink serves the uplink port; without it the guest has no network
public record VmSpec(
        String name,
        VmModel model,
        List<Step> steps,
        Map<Drive, DriveContent> contents,
        Set<Drive> writable,
        Path console,
        VmLimits limits,
        Optional<PortServer> uplink) {
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,60}");
    private static final Set<Drive> MADE_HERE = Set.of(Drive.PLAN, Drive.SCRATCH);
    private static final Set<Drive> READ_ONLY = Set.of(Drive.PLAN, Drive.SOURCE, Drive.SECRETS);

    private static final int OWN_SYSTEM = 4;

    public VmSpec {
        steps = List.copyOf(steps);
        contents = Map.copyOf(contents);
        writable = Set.copyOf(writable);
        require(NAME.matcher(name).matches(), "a VM cannot be called '" + name + "'");
        for (Drive drive : contents.keySet()) {
            require(!MADE_HERE.contains(drive), drive.node() + " is filled by the VM's host");
        }
        for (Drive drive : writable) {
            require(!READ_ONLY.contains(drive), drive.node() + " is never writable");
        }
    }

    public BootFiles boot() {
        return model.boot();
    }

    public VmShape shape() {
        return model.shape();
    }

    /// The time limit of the boot. A cloud image starts dozens of programs first, and waits for a
    /// network that does not exist.
    Duration bootTime() {
        return switch (boot().start()) {
            case BootFiles.Start.Kernel _ -> limits.boot();
            case BootFiles.Start.Loader _ -> limits.boot().multipliedBy(OWN_SYSTEM);
        };
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
