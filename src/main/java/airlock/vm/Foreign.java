package airlock.vm;

/// Text that a guest wrote, made fit for a message.
final class Foreign {
    private static final int MOST = 200;

    private Foreign() {}

    /// One line of at most 200 printable ASCII characters; `?` for each other one.
    static String line(String text) {
        String cut = text.length() > MOST ? text.substring(0, MOST) + "…" : text;
        return cut.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
