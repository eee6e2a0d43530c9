package airlock.site;

import airlock.config.RepositoryConfig;
import airlock.machine.Finding;
import airlock.text.SafeText;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Notices that a forge and the configuration name different default branches. Badge, secrets and
/// post_plan follow the configured one, so a push to the other is tested without them.
public final class DefaultBranch {
    private static final int LONGEST = 200;

    /// What was said of each hook, so that it is said once.
    private final Map<String, String> told = new ConcurrentHashMap<>();

    /// What the doctor says.
    ///
    /// @param atForge as the forge names it, foreign text; empty if it does not
    public static Optional<Finding> finding(RepositoryConfig repository, String atForge) {
        return isOther(repository, atForge)
                ? Optional.of(
                        Finding.warning(
                                "default branch of " + Configured.hook(repository),
                                seen(repository, atForge),
                                cure(atForge)))
                : Optional.empty();
    }

    /// A line for the log about a delivery that was signed; empty if the names agree, or the same
    /// was said before.
    public Optional<String> line(RepositoryConfig repository, String atForge) {
        String hook = Configured.hook(repository);
        if (!isOther(repository, atForge)) {
            told.remove(hook);
            return Optional.empty();
        }
        return SafeText.line(atForge, LONGEST)
                        .equals(told.put(hook, SafeText.line(atForge, LONGEST)))
                ? Optional.empty()
                : Optional.of(
                        "default branch of %s: %s; %s"
                                .formatted(hook, seen(repository, atForge), cure(atForge)));
    }

    private static boolean isOther(RepositoryConfig repository, String atForge) {
        return !atForge.isEmpty() && !atForge.equals(repository.defaultBranch());
    }

    private static String seen(RepositoryConfig repository, String atForge) {
        return "the forge says '%s' and the configuration '%s', which badge, secrets and post_plan follow"
                .formatted(SafeText.line(atForge, LONGEST), repository.defaultBranch());
    }

    private static String cure(String atForge) {
        return "set `default_branch: "
                + SafeText.line(atForge, LONGEST)
                + "` if that is the one you mean";
    }
}
