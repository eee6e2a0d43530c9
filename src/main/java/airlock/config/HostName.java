package airlock.config;

import airlock.text.SafeText;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/// A normalized host name: ASCII, lower case, no dot at its end (RFC 1123, 2.1). It is never an
/// address in any form that resolvers accept.
///
/// @param text at most 253 characters
public record HostName(String text) {
    private static final int LONGEST = 253;
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /// Numbers that inet_aton(3) accepts: decimal, octal, hexadecimal.
    private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");

    public HostName {
        problem(text)
                .ifPresent(
                        why -> {
                            throw new IllegalArgumentException("not a host name: it " + why);
                        });
    }

    public sealed interface Reading {
        record Named(HostName name) implements Reading {}

        /// Not a host name.
        ///
        /// @param why the rest of a sentence that begins with "it"
        record Refused(String why) implements Reading {}
    }

    /// Parses a name in any case, with or without a dot at its end.
    public static Reading read(String text) {
        boolean rooted = text.length() > 1 && text.endsWith(".");
        // only ASCII changes case: look-alike letters stay and are refused
        String name = lowerAscii(rooted ? text.substring(0, text.length() - 1) : text);
        Optional<String> problem = problem(name);
        return problem.isPresent()
                ? new Reading.Refused(problem.orElseThrow())
                : new Reading.Named(new HostName(name));
    }

    /// Parses a name.
    ///
    /// @throws IllegalArgumentException with the reason
    static HostName of(String text) {
        return switch (read(text)) {
            case Reading.Named(var name) -> name;
            case Reading.Refused(var why) ->
                    throw new IllegalArgumentException(
                            "%s is not a host name: it %s".formatted(SafeText.quoted(text), why));
        };
    }

    private static String lowerAscii(String text) {
        return text.chars().allMatch(c -> c < 128) ? text.toLowerCase(Locale.ROOT) : text;
    }

    private static Optional<String> problem(String text) {
        if (text.isEmpty()) {
            return Optional.of("is empty");
        }
        if (text.length() > LONGEST) {
            return Optional.of("has more than " + LONGEST + " characters");
        }
        if (text.chars().anyMatch(c -> c > 126)) {
            return Optional.of("has letters that are not ASCII; write its `xn--` form");
        }
        if (text.contains(":") || text.startsWith("[")) {
            return Optional.of("is an IPv6 address, not a name");
        }
        String[] labels = text.split("\\.", -1);
        if (NUMBER.matcher(labels[labels.length - 1]).matches()) {
            return Optional.of("is an address, not a name");
        }
        for (String label : labels) {
            if (!LABEL.matcher(label).matches()) {
                return Optional.of(
                        label.isEmpty()
                                ? "has two dots in a row, or one at its beginning"
                                : "has a part that is not letters, digits and inner hyphens,"
                                        + " at most 63");
            }
        }
        return Optional.empty();
    }

    /// Whether it is below `domain` at any depth; a name is not below itself.
    public boolean isBelow(HostName domain) {
        return text.endsWith("." + domain.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
