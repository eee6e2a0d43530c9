package airlock.secrets;

import java.util.Optional;

/// The use to which a target host restricts a key, by a line of `authorized_keys` (sshd(8)).
///
/// @param what in the operator's words: `rsync:/srv/www`
/// @param options the part of the line before the key
public record TargetLine(String what, String options) {
    /// The forms that [#of(String)] takes, for people.
    public static final String FORMS =
            "rsync:DIRECTORY, sftp, command:COMMAND, git, or ca:USER[,USER]";

    private static final String USER = "[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}";
    private static final String PLAIN = "[A-Za-z0-9_./@%+=:,-]+";

    /// Reads one of [#FORMS].
    public static Optional<TargetLine> of(String what) {
        int colon = what.indexOf(':');
        String kind = colon < 0 ? what : what.substring(0, colon);
        String value = colon < 0 ? "" : what.substring(colon + 1);
        return options(kind, value).map(options -> new TargetLine(what, options));
    }

    private static Optional<String> options(String kind, String value) {
        return switch (kind) {
            case "rsync" ->
                    value.startsWith("/") && value.matches(PLAIN)
                            ? Optional.of(forced("rrsync -wo " + value))
                            : Optional.empty();
            case "sftp" ->
                    value.isEmpty() ? Optional.of(forced("internal-sftp")) : Optional.empty();
            case "command" ->
                    value.matches("[\\x20-\\x7e]{1,1000}") && !value.endsWith("\\")
                            ? Optional.of(forced(value))
                            : Optional.empty();
            case "git" -> value.isEmpty() ? Optional.of("restrict") : Optional.empty();
            case "ca" ->
                    value.matches(USER + "(," + USER + ")*")
                            ? Optional.of("restrict,cert-authority,principals=\"" + value + "\"")
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static String forced(String command) {
        return "restrict,command=\"" + command.replace("\"", "\\\"") + "\"";
    }

    /// The line to paste.
    ///
    /// @param publicLine of the key
    public String with(String publicLine) {
        return options + " " + publicLine;
    }
}
