package airlock.config;

import airlock.text.SafeText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The target of `rsync` and `rsync2`: `USER@HOST:PATH`, or with a port other than 22
/// `ssh://USER@HOST:PORT/PATH`.
///
/// @param user empty to let ssh decide
/// @param path relative to the user's home directory; may be empty
public record RsyncTarget(String user, HostName host, int port, String path) {
    private static final int SSH = 22;
    private static final Pattern SHORT =
            Pattern.compile("(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)@)?([^@:/\\s]+):(?!:|//)(\\S*)");
    private static final Pattern LONG =
            Pattern.compile(
                    "ssh://(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)@)?([^@:/\\s]+)(?::([0-9]{1,5}))?(/\\S*)");

    public RsyncTarget {
        Addresses.port(port);
        if (path.codePoints().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("has a control character in its path");
        }
    }

    /// Parses a target.
    ///
    /// @throws IllegalArgumentException with the reason
    public static RsyncTarget of(String text) {
        Matcher url = LONG.matcher(text);
        if (url.matches()) {
            int port = Addresses.port(url.group(3), SSH);
            return new RsyncTarget(user(url), HostName.of(url.group(2)), port, url.group(4));
        }
        Matcher brief = SHORT.matcher(text);
        if (!brief.matches()) {
            throw new IllegalArgumentException(
                    SafeText.quoted(text)
                            + " is neither USER@HOST:PATH nor ssh://USER@HOST:PORT/PATH");
        }
        return new RsyncTarget(user(brief), HostName.of(brief.group(2)), SSH, brief.group(3));
    }

    private static String user(Matcher matcher) {
        return matcher.group(1) == null ? "" : matcher.group(1);
    }

    /// The argument for rsync, which takes the port separately.
    public String remote() {
        return (user.isEmpty() ? "" : user + "@") + host + ":" + (path.isEmpty() ? "." : path);
    }
}
