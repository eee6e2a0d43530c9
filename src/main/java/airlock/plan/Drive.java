package airlock.plan;

import airlock.event.Phase;
import java.util.Locale;

/// The drives that carry an archive into a VM or out of it, in the order of their devices, which is
/// Ambient's.
public enum Drive {
    SOURCE("/dev/vdc", "/ci/src"),
    ARTIFACTS("/dev/vdd", "/ci/artifacts"),
    CACHE("/dev/vde", "/ci/cache"),
    DEPENDENCIES("/dev/vdf", "/ci/deps"),
    SECRETS("/dev/vdg", "/ci/secrets");

    private final String device;
    private final String directory;

    Drive(String device, String directory) {
        this.device = device;
        this.directory = directory;
    }

    /// The device in the guest.
    public String device() {
        return device;
    }

    /// Where its content is in the guest.
    public String directory() {
        return directory;
    }

    /// Whether a VM of `phase` may write to it, and so gives an output there.
    public boolean isWritable(Phase phase) {
        return switch (this) {
            case SOURCE, SECRETS -> false;
            case ARTIFACTS -> phase == Phase.PLAN;
            case CACHE -> phase != Phase.POST_PLAN;
            case DEPENDENCIES -> phase == Phase.PRE_PLAN;
        };
    }

    /// Whether a VM of `phase` gets anything on it at all: in pre_plan there are no artifacts (T6).
    public boolean isFilled(Phase phase) {
        return this != ARTIFACTS || phase != Phase.PRE_PLAN;
    }

    /// Whether a link in its archive that leads out of its directory is refused: where untrusted
    /// artifacts meet secrets (H4).
    public boolean keepsLinksInside(Phase phase) {
        return this == ARTIFACTS && phase == Phase.POST_PLAN;
    }

    /// The word for people.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
