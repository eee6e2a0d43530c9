package airlock.event;

import java.util.Locale;

/// How much history a commit's files have in their `.git`.
public enum GitDepth {
    NONE,
    /// The commit without its ancestors.
    SHALLOW,
    /// The commit and all its ancestors.
    FULL;

    /// The name as plan files write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
