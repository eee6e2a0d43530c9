package airlock.config;

import java.util.Set;

/// What a repository's plans may choose.
///
/// @param images names of those that they may have in place of the repository's own
/// @param trustedCode whether trusted phases may have actions that may run what the commit's files
///     say
public record PlanRules(Set<String> images, boolean trustedCode) {
    /// Those of a configuration that says nothing.
    public static final PlanRules STANDARD = new PlanRules(Set.of(), true);

    public PlanRules {
        images = Set.copyOf(images);
    }
}
