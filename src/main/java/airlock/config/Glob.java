package airlock.config;

/// A pattern for names with slashes: `*` matches any characters but `/`, `**` any characters, `?`
/// one character but `/`. Nothing can be escaped: git allows none of these in a ref.
///
/// Matching takes time proportional to both lengths: it never backtracks.
public record Glob(String pattern) {
    private static final int LONGEST = 256;

    public Glob {
        if (pattern.isEmpty() || pattern.length() > LONGEST) {
            throw new IllegalArgumentException(
                    "not a pattern: '%s' (1 to %d characters)".formatted(pattern, LONGEST));
        }
    }

    public boolean matches(String name) {
        // the pattern positions that the name read so far can have reached
        var reached = new boolean[pattern.length() + 1];
        reached[0] = true;
        skipStars(reached);
        for (int i = 0; i < name.length(); i++) {
            reached = step(reached, name.charAt(i));
        }
        return reached[pattern.length()];
    }

    private boolean[] step(boolean[] reached, char c) {
        var next = new boolean[reached.length];
        for (int at = 0; at < pattern.length(); at++) {
            if (!reached[at]) {
                continue;
            }
            char wanted = pattern.charAt(at);
            if (wanted == '*') {
                next[at] |= c != '/' || isDouble(at);
            } else if (wanted == '?') {
                next[at + 1] |= c != '/';
            } else {
                next[at + 1] |= wanted == c;
            }
        }
        skipStars(next);
        return next;
    }

    /// A star may match nothing.
    private void skipStars(boolean[] reached) {
        for (int at = 0; at < pattern.length(); at++) {
            if (reached[at] && pattern.charAt(at) == '*') {
                reached[at + 1] = true;
            }
        }
    }

    private boolean isDouble(int at) {
        return (at > 0 && pattern.charAt(at - 1) == '*')
                || (at + 1 < pattern.length() && pattern.charAt(at + 1) == '*');
    }

    @Override
    public String toString() {
        return pattern;
    }
}
