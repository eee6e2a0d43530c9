package airlock.agent;

/// Words of a guest in a line for people.
final class Shown {
    private static final int MOST = 64;

    private Shown() {}

    /// @param text printable ASCII, as [SshBytes] reads it; what is long is cut
    static String of(String text) {
        return text.length() <= MOST ? text : text.substring(0, MOST) + "...";
    }
}
