package airlock.plan;

import airlock.text.SafeText;
import airlock.yaml.Binder;
import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Texts of plan files that go to a program in the guest.
final class Texts {
    /// Linux takes no argument or variable longer than 128 KiB, its final NUL included (execve(2),
    /// MAX_ARG_STRLEN); some of that is for what is put before it.
    static final int LONGEST = 128 * 1024 - 1024;

    /// Linux takes 4,095 (PATH_MAX); some of that is for the directory that a path starts from.
    private static final int LONGEST_PATH = 4_000;

    /// Of one name (NAME_MAX).
    private static final int LONGEST_NAME = 255;

    /// The name of a variable.
    static final String VARIABLE = "[^=\\x00]{1,255}";

    static final String VARIABLE_IS = "a variable's name (not empty, without =)";

    private static final int LONGEST_URL = 4_000;
    private static final Pattern HOST_PORT =
            Pattern.compile("([A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final int LAST_PORT = 65_535;

    /// The types of values by the words that declarations have.
    static final Map<String, Type<?>> TYPES =
            Map.ofEntries(
                    Map.entry("flag", Scalars.FLAG),
                    Map.entry("text", argument()),
                    Map.entry("path", path()),
                    Map.entry("file", filename()),
                    Map.entry("word", matching("a word", "[A-Za-z0-9][A-Za-z0-9._-]{0,99}")),
                    Map.entry(
                            "package", matching("a package's name", "[a-z0-9][a-z0-9+.-]{1,199}")),
                    Map.entry("suite", matching("a suite's name", "[a-z0-9][a-z0-9-]{0,99}")),
                    Map.entry("host_port", Scalars.TEXT.as("HOST or HOST:PORT", Texts::hostPort)),
                    Map.entry(
                            "git_url",
                            url(
                                    "an https, http or ssh URL without a password",
                                    "https?|ssh",
                                    LONGEST_URL)),
                    Map.entry("branches", PlanWhen.patterns("refs/heads/")),
                    Map.entry("tags", PlanWhen.patterns("refs/tags/")),
                    Map.entry(
                            "paths",
                            PlanWhen.path(
                                    "a pattern for paths from the top of the tree, such as"
                                            + " src/**")),
                    Map.entry(
                            "path of a key",
                            PlanWhen.path(
                                    "a pattern for paths from the top of the tree, such as"
                                            + " **/go.sum")),
                    Map.entry(
                            "path of an artifact",
                            PlanWhen.path(
                                    "a pattern for paths below /ci/artifacts, such as debian/**")));

    static final Binder BINDER = Binder.standard().with(TYPES);

    private Texts() {}

    private static List<String> hostPort(String text) {
        var matcher = HOST_PORT.matcher(text);
        if (matcher.matches()) {
            String port = matcher.group(2) == null ? "80" : matcher.group(2);
            int number = Integer.parseInt(port);
            if (number >= 1 && number <= LAST_PORT) {
                return List.of(matcher.group(1), String.valueOf(number));
            }
        }
        throw new IllegalArgumentException(SafeText.quoted(text) + " does not fit");
    }

    /// A text that can be an argument or the value of a variable.
    static Type<String> argument() {
        return Scalars.TEXT.as("a text of at most 127 KiB", text -> checked(text, LONGEST));
    }

    /// A path.
    static Type<String> path() {
        return Scalars.TEXT.as(
                "a path of at most %,d bytes".formatted(LONGEST_PATH),
                text -> {
                    if (text.isEmpty()) {
                        throw new IllegalArgumentException("empty");
                    }
                    return checked(text, LONGEST_PATH);
                });
    }

    /// A file's name without its directory.
    static Type<String> filename() {
        return Scalars.TEXT.as(
                "a file's name without /",
                text -> {
                    if (text.isEmpty()
                            || text.equals(".")
                            || text.equals("..")
                            || text.chars().anyMatch(c -> c == '/' || c < ' ' || c == 127)) {
                        throw new IllegalArgumentException(SafeText.quoted(text) + " does not fit");
                    }
                    return checked(text, LONGEST_NAME);
                });
    }

    /// A text of a form, which is a regular expression.
    static Type<String> matching(String expected, String form) {
        return Scalars.matching(expected, Pattern.compile(form).asMatchPredicate());
    }

    /// A URL without a password. That of ssh may have a user's name.
    ///
    /// @param schemes those that fit, a regular expression
    /// @param longest in characters
    static Type<String> url(String expected, String schemes, int longest) {
        return Scalars.TEXT.as(expected, text -> checkedUrl(text, schemes, longest));
    }

    private static String checkedUrl(String text, String schemes, int longest) {
        try {
            var uri = new URI(text);
            String user = uri.getRawUserInfo();
            boolean isSsh = "ssh".equals(uri.getScheme());
            if (uri.getHost() != null
                    && String.valueOf(uri.getScheme()).matches(schemes)
                    && (user == null || (isSsh && user.matches("[A-Za-z0-9_.][A-Za-z0-9_.-]*")))
                    && text.length() <= longest
                    && text.chars().allMatch(c -> c > ' ' && c < 127)) {
                return text;
            }
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("is no URL: " + e.getReason(), e);
        }
        throw new IllegalArgumentException(
                text.contains("@") ? "does not fit" : SafeText.quoted(text) + " does not fit");
    }

    /// The place that `url` is at, `HOST:PORT`.
    static String place(URI url) {
        int usual =
                switch (url.getScheme().toLowerCase(Locale.ROOT)) {
                    case "https" -> 443;
                    case "ssh" -> 22;
                    default -> 80;
                };
        return url.getHost().toLowerCase(Locale.ROOT)
                + ":"
                + (url.getPort() < 0 ? usual : url.getPort());
    }

    private static String checked(String text, int most) {
        if (hasNul(text)) {
            throw new IllegalArgumentException("contains a NUL character");
        }
        int length = bytes(text);
        if (length > most) {
            throw new IllegalArgumentException("%,d bytes long".formatted(length));
        }
        return text;
    }

    /// All variables together, names included, as a program gets them.
    static int environmentBytes(Map<String, String> variables) {
        return variables.entrySet().stream()
                .mapToInt(variable -> bytes(variable.getKey()) + bytes(variable.getValue()) + 2)
                .sum();
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }
}
