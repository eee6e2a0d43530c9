package airlock.text;

import java.util.stream.Collectors;

/// Text that a guest or a program wrote, made fit for a message.
public final class Foreign {
    private static final int MOST = 200;

    private Foreign() {}

    /// Lines as one, those that say something with `; ` between them.
    ///
    /// @param prefix what is left out where a line begins with it
    public static String lines(String text, String prefix) {
        return line(
                text.lines()
                        .map(
                                line ->
                                        line.startsWith(prefix)
                                                ? line.substring(prefix.length())
                                                : line)
                        .map(String::strip)
                        .filter(line -> !line.isEmpty())
                        .collect(Collectors.joining("; ")));
    }

    /// One line of at most 200 printable ASCII characters; `?` for each other one.
    public static String line(String text) {
        String cut = text.length() > MOST ? text.substring(0, MOST) + "…" : text;
        return cut.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
