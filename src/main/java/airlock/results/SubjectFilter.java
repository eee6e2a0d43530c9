package airlock.results;

import airlock.event.Refs;
import airlock.event.Subject;
import java.util.Optional;
import java.util.regex.Pattern;

/// Selects one subject by its kind and key, or [#ANY].
///
/// @param kind `branch`, `tag`, `queue` or `change`; empty for any
/// @param key the full ref, or the change request's number; empty for any
public record SubjectFilter(String kind, String key) {
    public static final SubjectFilter ANY = new SubjectFilter("", "");

    private static final Pattern CHANGE = Pattern.compile("#([1-9][0-9]{0,17})");

    /// Reads what a user typed: `main`, `refs/tags/v1` or `#7`; [#ANY] for nothing. Empty if it is
    /// none of these.
    public static Optional<SubjectFilter> of(String text) {
        if (text.isEmpty()) {
            return Optional.of(ANY);
        }
        var change = CHANGE.matcher(text);
        if (change.matches()) {
            return Optional.of(new SubjectFilter("change", change.group(1)));
        }
        if (text.startsWith("refs/tags/")) {
            return ref("tag", text, "refs/tags/");
        }
        String branch = text.startsWith("refs/heads/") ? text : "refs/heads/" + text;
        return ref(
                Subject.MergeGroup.isBranchOfOne(branch) ? "queue" : "branch",
                branch,
                "refs/heads/");
    }

    private static Optional<SubjectFilter> ref(String kind, String ref, String prefix) {
        return Refs.valid(ref, prefix)
                ? Optional.of(new SubjectFilter(kind, ref))
                : Optional.empty();
    }
}
