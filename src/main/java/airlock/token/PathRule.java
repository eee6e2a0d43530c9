package airlock.token;

import java.util.Optional;
import java.util.regex.Pattern;

/// Which addresses may be asked for: those below a prefix, written in the one way that no server
/// can read as another one. What is let through goes on byte for byte.
///
/// @param prefix `/`, `/api/` for all below it, or `/api` for itself and all below it
record PathRule(String prefix) {
    private static final int LONGEST = 8 << 10;

    /// Beside letters and digits (RFC 3986, 3.3); not `;`, behind which some servers drop what
    /// stands there.
    private static final String IN_PATH = "/-._~!$&'()*+,=:@";

    private static final String IN_QUERY = IN_PATH + ";?[]|^";

    /// Encoded, they would be separators or steps upwards to one server and not to another.
    private static final String NEVER_ENCODED = "/\\.;%";

    /// How npm asks for a package of a scope: either reading of it is below the same folder.
    private static final Pattern SCOPED =
            Pattern.compile("/@[A-Za-z0-9~-][A-Za-z0-9._~-]*%2[fF][A-Za-z0-9~-][A-Za-z0-9._~-]*");

    private static final int HEX = 16;
    private static final int FIRST_PRINTABLE = 0x20;
    private static final int LAST_PRINTABLE = 0x7e;
    private static final int LAST_BYTE = 0xff;

    PathRule {
        refusalOfPath(prefix)
                .ifPresent(
                        why -> {
                            throw new IllegalArgumentException(
                                    "the path prefix %s is refused: %s".formatted(prefix, why));
                        });
    }

    /// Looks at a request's target, as it came.
    ///
    /// @return why it is refused; empty where it may go on
    Optional<String> refusal(String target) {
        if (target.length() > LONGEST) {
            return Optional.of("its address has more than " + LONGEST + " characters");
        }
        int mark = target.indexOf('?');
        String path = mark < 0 ? target : target.substring(0, mark);
        String query = mark < 0 ? "" : target.substring(mark + 1);
        return refusalOfPath(path)
                .or(() -> wrongCharacter(query, IN_QUERY, "", LAST_BYTE))
                .or(() -> isBelow(path) ? Optional.empty() : outside());
    }

    private Optional<String> outside() {
        return Optional.of("its address is not below " + prefix);
    }

    private boolean isBelow(String path) {
        String folder = prefix.endsWith("/") ? prefix : prefix + "/";
        return path.equals(prefix) || path.startsWith(folder);
    }

    private static Optional<String> refusalOfPath(String path) {
        if (!path.startsWith("/")) {
            return Optional.of("its address is no path: it has to begin with a slash");
        }
        return wrongCharacter(
                        SCOPED.matcher(path).replaceAll("/scope/name"),
                        IN_PATH,
                        NEVER_ENCODED,
                        LAST_PRINTABLE)
                .or(() -> wrongSegment(path));
    }

    private static Optional<String> wrongSegment(String path) {
        String[] segments = path.split("/", -1);
        for (int i = 1; i < segments.length; i++) {
            boolean isLast = i == segments.length - 1;
            if (segments[i].isEmpty() && !isLast) {
                return Optional.of("its address has two slashes in a row");
            }
            if (!segments[i].isEmpty() && segments[i].chars().allMatch(c -> c == '.')) {
                return Optional.of("its address has a step of dots");
            }
        }
        return Optional.empty();
    }

    /// Looks for what may not stand there.
    ///
    /// @param others what may stand by itself beside letters and digits
    /// @param never what may not be meant by a percent sign and two digits
    /// @param last of those that may be meant
    private static Optional<String> wrongCharacter(
            String text, String others, String never, int last) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                int meant = encoded(text, i);
                if (meant < FIRST_PRINTABLE || meant > last || never.indexOf(meant) >= 0) {
                    return Optional.of("its address has an encoded character that it may not have");
                }
                i += 2;
            } else if (!isLetterOrDigit(c) && others.indexOf(c) < 0) {
                return Optional.of("its address has a character that it may not have");
            }
        }
        return Optional.empty();
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /// -1 where there are no two digits.
    private static int encoded(String text, int percent) {
        if (percent + 2 >= text.length()) {
            return -1;
        }
        int high = hex(text.charAt(percent + 1));
        int low = hex(text.charAt(percent + 2));
        return high < 0 || low < 0 ? -1 : high * HEX + low;
    }

    /// ASCII alone: other digits are digits to Java as well.
    private static int hex(char c) {
        return c < 128 ? Character.digit(c, HEX) : -1;
    }
}
