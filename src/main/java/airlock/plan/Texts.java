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

/// Types of texts that plan files pass to programs in the guest.
final class Texts {
    /// Linux limits an argument or variable to 128 KiB with its NUL (execve(2), MAX_ARG_STRLEN);
    /// leaves room for a prefix.
    static final int LONGEST = 128 * 1024 - 1024;

    /// Linux allows 4,095 (PATH_MAX); leaves room for a directory.
    private static final int LONGEST_PATH = 4_000;

    /// NAME_MAX.
    private static final int LONGEST_NAME = 255;

    static final String VARIABLE = "[^=\\x00]{1,255}";

    static final String VARIABLE_IS = "a variable's name (not empty, without =)";

    private static final int LONGEST_URL = 4_000;
    private static final Pattern HOST_PORT =
            Pattern.compile("([A-Za-z0-9._-]{1,253})(?::([0-9]{1,5}))?");
    private static final int LAST_PORT = 65_535;

    /// The types by their words in declarations.
    static final Map<String, Type<?>> TYPES =
            Map.ofEntries(
                    Map.entry("flag", Scalars.FLAG),
                    Map.entry("text", limited("a text of at most 127 KiB", "(?s).*", LONGEST)),
                    Map.entry(
                            "path",
                            limited("a path of at most 4,000 bytes", "(?s).+", LONGEST_PATH)),
                    Map.entry(
                            "file",
                            limited(
                                    "a file's name without /",
                                    "(?!\\.{1,2}$)[^\\x00-\\x1f\\x7f/]+",
                                    LONGEST_NAME)),
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

    /// A text that matches a regular expression.
    static Type<String> matching(String expected, String form) {
        return Scalars.matching(expected, Pattern.compile(form).asMatchPredicate());
    }

    /// A URL without a password; only ssh URLs may have a user.
    ///
    /// @param schemes a regular expression
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
            throw new IllegalArgumentException("is not a URL: " + e.getReason(), e);
        }
        throw new IllegalArgumentException(
                text.contains("@") ? "does not fit" : SafeText.quoted(text) + " does not fit");
    }

    /// The place of a URL, `HOST:PORT`.
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

    /// A text of at most `most` bytes that matches a regular expression and has no NUL.
    private static Type<String> limited(String expected, String form, int most) {
        var pattern = Pattern.compile(form);
        return Scalars.TEXT.as(
                expected,
                text -> {
                    if (text.indexOf('\0') >= 0) {
                        throw new IllegalArgumentException("contains a NUL character");
                    }
                    if (bytes(text) > most) {
                        throw new IllegalArgumentException("%,d bytes long".formatted(bytes(text)));
                    }
                    if (!pattern.matcher(text).matches()) {
                        throw new IllegalArgumentException(
                                text.isEmpty() ? "empty" : SafeText.quoted(text) + " does not fit");
                    }
                    return text;
                });
    }

    /// The size of an environment, names included.
    static int environmentBytes(Map<String, String> variables) {
        return variables.entrySet().stream()
                .mapToInt(variable -> bytes(variable.getKey()) + bytes(variable.getValue()) + 2)
                .sum();
    }

    static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
