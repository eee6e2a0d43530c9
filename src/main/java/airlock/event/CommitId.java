package airlock.event;

import java.util.regex.Pattern;

/// The id of a git object, 40 or 64 lower-case hex digits. [#NONE] stands for "there was none",
/// which forges write as zeros.
public record CommitId(String hex) {
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

    /// No commit, for a ref that did not exist before or no longer exists.
    public static final CommitId NONE = new CommitId("0".repeat(40));

    public CommitId {
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException(
                    "not a commit id: '" + hex + "' (40 or 64 lower-case hex digits)");
        }
    }

    public static boolean fits(String text) {
        return HEX.matcher(text).matches();
    }

    /// Whether this is one of git's all-zero ids.
    public boolean isNone() {
        return hex.chars().allMatch(c -> c == '0');
    }

    /// The first twelve digits, for people.
    public String abbreviated() {
        return hex.substring(0, 12);
    }

    @Override
    public String toString() {
        return hex;
    }
}
