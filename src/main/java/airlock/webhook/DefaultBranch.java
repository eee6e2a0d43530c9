package airlock.webhook;

import airlock.text.SafeText;
import airlock.webhook.HookTable.HookTarget;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Notices that a forge and the configuration name different default branches. Badge, secrets and
/// post_plan follow the configured one, so pushes to the other are tested without secrets.
public final class DefaultBranch {
    private static final Logger LOG = LoggerFactory.getLogger(DefaultBranch.class);
    private static final int LONGEST = 200;

    /// The line that was last logged for each hook.
    private final Map<String, String> logged = new ConcurrentHashMap<>();

    /// The two names differ.
    ///
    /// @param seen what the forge and the configuration say
    /// @param cure what the operator can do
    public record Difference(String seen, String cure) {}

    /// Compares the two names.
    ///
    /// @param atForge the forge's name for it, foreign text; empty if unknown
    public static Optional<Difference> difference(String configured, String atForge) {
        if (atForge.isEmpty() || atForge.equals(configured)) {
            return Optional.empty();
        }
        String shown = SafeText.line(atForge, LONGEST);
        return Optional.of(
                new Difference(
                        "the forge says '%s' and the configuration '%s', which badge, secrets and post_plan follow"
                                .formatted(shown, configured),
                        "set `default_branch: %s` if that is the one you mean".formatted(shown)));
    }

    /// Logs what a signed delivery says, unless the names agree or it was logged already.
    void note(HookTarget hook, String atForge) {
        var line =
                difference(hook.defaultBranch(), atForge)
                        .map(
                                d ->
                                        "default branch of %s: %s; %s"
                                                .formatted(hook.path(), d.seen(), d.cure()));
        if (line.isEmpty()) {
            logged.remove(hook.path());
        }
        line.filter(text -> !text.equals(logged.put(hook.path(), text))).ifPresent(LOG::warn);
    }
}
