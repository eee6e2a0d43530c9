package airlock.event;

import java.util.Locale;

/// How much of git's history comes with a commit's files, as a `.git` of their own.
public enum GitDepth {
    /// No `.git` at all.
    NONE,
    /// The commit alone, without those before it.
    SHALLOW,
    /// The commit and all before it.
    FULL;

    /// The name as plan files write it.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
