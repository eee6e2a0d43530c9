package airlock.config;

import java.util.Set;

/// The choices that a repository's plans have.
///
/// @param images those that they may choose instead of the repository's own
/// @param trustedCode whether trusted phases may run code of the commit
public record PlanRules(Set<String> images, boolean trustedCode) {
    public static final PlanRules STANDARD = new PlanRules(Set.of(), true);

    public PlanRules {
        images = Set.copyOf(images);
    }
}
