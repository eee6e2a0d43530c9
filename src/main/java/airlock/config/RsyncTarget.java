package airlock.config;

import airlock.text.SafeText;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the actions `rsync` and `rsync2` publish to: `USER@HOST:PATH`, or with another port than
/// 22 `ssh://USER@HOST:PORT/PATH`.
///
/// @param user empty where ssh is to decide
/// @param port of the host's sshd
/// @param path on the host; from the user's home directory where it is relative, and empty for that
public record RsyncTarget(String user, HostName host, int port, String path) {
    private static final int SSH = 22;
    private static final int LAST_PORT = 65_535;
    private static final Pattern SHORT =
            Pattern.compile("(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)@)?([^@:/\\s]+):(?!:|//)(\\S*)");
    private static final Pattern LONG =
            Pattern.compile(
                    "ssh://(?:([A-Za-z0-9_][A-Za-z0-9_.-]*)@)?([^@:/\\s]+)(?::([0-9]{1,5}))?(/\\S*)");

    public RsyncTarget {
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
        }
        if (path.codePoints().anyMatch(c -> c < ' ' || c == 127)) {
            throw new IllegalArgumentException("has a control character in its path");
        }
    }

    /// Reads one.
    ///
    /// @throws IllegalArgumentException where it is none, with the reason for people
    public static RsyncTarget of(String text) {
        Matcher url = LONG.matcher(text);
        if (url.matches()) {
            int port = url.group(3) == null ? SSH : Integer.parseInt(url.group(3));
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

    /// As rsync takes it, which learns the port in another way.
    public String remote() {
        return (user.isEmpty() ? "" : user + "@") + host + ":" + (path.isEmpty() ? "." : path);
    }
}
