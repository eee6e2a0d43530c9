package airlock.token;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which paths a client may request: those below a prefix, in a spelling that no server can read as
/// another path. Allowed paths are passed on byte for byte.
///
/// @param prefix `/`, `/api/` for all below it, or `/api` for itself and all below it
record PathRule(String prefix) {
    private static final int LONGEST = 8 << 10;

    /// Allowed beside letters and digits (RFC 3986, 3.3). Not `;`: some servers drop the rest.
    private static final String IN_PATH = "/-._~!$&'()*+,=:@";

    private static final String IN_QUERY = IN_PATH + ";?[]|^";

    /// Encoded, some servers take them for separators or steps upwards and some do not.
    private static final String NEVER_ENCODED = "/\\.;%";

    /// npm's request for a package of a scope: both readings of it are below the same folder.
    private static final Pattern SCOPED =
            Pattern.compile("/@[A-Za-z0-9~-][A-Za-z0-9._~-]*%2[fF][A-Za-z0-9~-][A-Za-z0-9._~-]*");

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

    /// Why a request with that target, as it came, is refused; empty if it is not.
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

    /// @param others allowed beside letters and digits
    /// @param never not allowed in percent encoding
    /// @param last the highest byte allowed in percent encoding
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

    /// The byte that `%` and two digits mean; -1 if they are not there.
    private static int encoded(String text, int percent) {
        if (percent + 2 >= text.length()
                || !HexFormat.isHexDigit(text.charAt(percent + 1))
                || !HexFormat.isHexDigit(text.charAt(percent + 2))) {
            return -1;
        }
        return HexFormat.fromHexDigits(text, percent + 1, percent + 3);
    }
}
