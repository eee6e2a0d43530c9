package airlock.plan;

import airlock.event.Phase;
import airlock.vm.Drive;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/// The phases' access to the drives that carry an archive (design.md, section 3), and their
/// directories in the guest.
public final class DriveRules {
    /// The drives with an archive, in the order of their devices.
    static final List<Drive> CARRIERS =
            List.of(Drive.SOURCE, Drive.ARTIFACTS, Drive.CACHE, Drive.DEPENDENCIES, Drive.SECRETS);

    private DriveRules() {}

    /// The drives that a VM of `phase` may write to: its outputs.
    public static Set<Drive> writable(Phase phase) {
        return CARRIERS.stream()
                .filter(drive -> isWritable(drive, phase))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Drive.class)));
    }

    private static boolean isWritable(Drive drive, Phase phase) {
        return switch (drive) {
            case PLAN, SOURCE, SECRETS, SCRATCH -> false;
            case ARTIFACTS -> phase == Phase.PLAN;
            case CACHE -> phase != Phase.POST_PLAN;
            case DEPENDENCIES -> phase == Phase.PRE_PLAN;
        };
    }

    /// Whether a VM of `phase` gets content on it: pre_plan has no artifacts (T6).
    static boolean isFilled(Drive drive, Phase phase) {
        return drive != Drive.ARTIFACTS || phase != Phase.PRE_PLAN;
    }

    /// Whether links that lead out of its directory are refused: for untrusted artifacts in the
    /// phase that has secrets (H4).
    static boolean keepsLinksInside(Drive drive, Phase phase) {
        return drive == Drive.ARTIFACTS && phase == Phase.POST_PLAN;
    }

    public static String word(Drive drive) {
        return drive.name().toLowerCase(Locale.ROOT);
    }
}
