package airlock.token;

import java.util.Optional;
import java.util.regex.Pattern;

/// Which paths a client may request: those below a prefix, in a spelling that no server can read as
/// another path. Allowed paths are passed on byte for byte.
///
/// @param prefix `/`, `/api/` for all below it, or `/api` for itself and all below it
record PathRule(String prefix) {
    private static final int LONGEST = 8 << 10;

    /// RFC 3986, 3.3. Not `;`: some servers drop the rest.
    private static final Pattern IN_PATH = Pattern.compile("[A-Za-z0-9/._~!$&'()*+,=:@-]*");

    private static final Pattern IN_QUERY =
            Pattern.compile("[A-Za-z0-9/._~!$&'()*+,=:@;?\\[\\]|^-]*");

    /// Printable, but for slashes, dots, `;` and `%`: encoded, some servers take them for
    /// separators or steps upwards and some do not.
    private static final Pattern ENCODED_IN_PATH =
            Pattern.compile("%(?![27][fF]|2[eE5]|3[bB]|5[cC])[2-7][0-9a-fA-F]");

    private static final Pattern ENCODED_IN_QUERY = Pattern.compile("%[2-9a-fA-F][0-9a-fA-F]");

    /// npm's request for a package of a scope: both readings of it are below the same folder.
    private static final Pattern SCOPED =
            Pattern.compile("/@[A-Za-z0-9~-][A-Za-z0-9._~-]*%2[fF][A-Za-z0-9~-][A-Za-z0-9._~-]*");

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
                .or(() -> wrongCharacter(query, ENCODED_IN_QUERY, IN_QUERY))
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
        String plain = SCOPED.matcher(path).replaceAll("/scope/name");
        return wrongCharacter(plain, ENCODED_IN_PATH, IN_PATH).or(() -> wrongSegment(path));
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

    private static Optional<String> wrongCharacter(String text, Pattern encoded, Pattern allowed) {
        String rest = encoded.matcher(text).replaceAll("");
        if (rest.contains("%")) {
            return Optional.of("its address has an encoded character that it may not have");
        }
        return allowed.matcher(rest).matches()
                ? Optional.empty()
                : Optional.of("its address has a character that it may not have");
    }
}
