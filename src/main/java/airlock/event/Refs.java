package airlock.event;

/// Git's rules for ref names (git-check-ref-format(1)), as far as a hostile name could hurt.
public final class Refs {
    private static final int LONGEST = 1024;

    private Refs() {}

    /// Whether git would take `ref` as a full ref below `prefix`.
    public static boolean valid(String ref, String prefix) {
        if (!ref.startsWith(prefix) || ref.length() == prefix.length() || ref.length() > LONGEST) {
            return false;
        }
        if (ref.contains("..")
                || ref.contains("//")
                || ref.contains("@{")
                || ref.endsWith("/")
                || ref.endsWith(".")) {
            return false;
        }
        for (String part : ref.split("/", -1)) {
            if (part.startsWith(".") || part.endsWith(".lock")) {
                return false;
            }
        }
        return ref.chars().noneMatch(c -> c < 0x21 || c == 0x7f || " ~^:?*[\\".indexOf(c) >= 0);
    }

    /// Throws unless [#valid(String, String)].
    static void check(String ref, String prefix) {
        if (!valid(ref, prefix)) {
            throw new IllegalArgumentException("not a ref below " + prefix + ": '" + ref + "'");
        }
    }
}
