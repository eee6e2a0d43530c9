package airlock.ambient;

import java.util.regex.Pattern;

/// A word of a command line that a person is to copy.
final class ShellWord {
    private static final Pattern HARMLESS = Pattern.compile("(?:~/)?[\\w/.,+@%][\\w/.,+@%=:~-]*");

    private ShellWord() {}

    /// `text`, in quotes where the shell would see more in it.
    static String of(String text) {
        return HARMLESS.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
