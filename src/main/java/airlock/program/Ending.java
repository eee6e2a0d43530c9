package airlock.program;

import airlock.text.SafeText;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a program ended.
///
/// @param program its name
/// @param code exit code; [#NOT_FOUND] if it could not be started, 128 and the signal if it was
///     killed, [#TOO_LONG] if it did not end in time
/// @param output the end of its output, unescaped
public record Ending(String program, int code, String output) {
    /// As in a shell.
    public static final int NOT_FOUND = 127;

    public static final int TOO_LONG = -1;

    private static final int SIGNALS = 128;
    private static final int SHOWN = 2000;

    /// The signals that end programs (signal(7)), and their usual cause.
    private static final Map<Integer, String> NAMES =
            Map.ofEntries(
                    Map.entry(1, "SIGHUP"),
                    Map.entry(2, "SIGINT"),
                    Map.entry(3, "SIGQUIT"),
                    Map.entry(4, "SIGILL"),
                    Map.entry(6, "SIGABRT"),
                    Map.entry(7, "SIGBUS"),
                    Map.entry(8, "SIGFPE"),
                    Map.entry(9, "SIGKILL: the kernel does that when memory runs out"),
                    Map.entry(11, "SIGSEGV"),
                    Map.entry(13, "SIGPIPE"),
                    Map.entry(15, "SIGTERM"),
                    Map.entry(24, "SIGXCPU: it reached its limit of CPU time"),
                    Map.entry(25, "SIGXFSZ: it reached its limit for the size of a file"),
                    Map.entry(31, "SIGSYS"));

    /// How env, bwrap, prlimit, setpriv, setsid and a shell say that a program is missing.
    private static final Pattern MISSING =
            Pattern.compile(
                    "(?:execvp|failed to execute|env:|nice:|sh: \\d+:|exec:)"
                            + " ?[‘'\"]?([^\\s:‘’'\"]+)[’'\"]?: (?:No such file or directory|not"
                            + " found)");

    public boolean passed() {
        return code == 0;
    }

    /// The last line that is not blank.
    public String lastLine() {
        return output.strip().lines().reduce("", (_, line) -> line);
    }

    /// For people: how it ended, its last lines of output, and if it is missing, how to install it.
    public String words() {
        String last = last();
        return switch (code) {
            case NOT_FOUND -> last.isEmpty() ? program + " could not be started" : last + advice();
            case TOO_LONG -> program + " was stopped: " + last;
            default -> program + " " + how() + (last.isEmpty() ? "" : ": " + last) + advice();
        };
    }

    /// How it ended, for people, without its name and output.
    public String how() {
        String signal = NAMES.get(code - SIGNALS);
        return signal == null
                ? "failed with code " + code
                : "was killed by signal %d (%s)".formatted(code - SIGNALS, signal);
    }

    private String last() {
        String text = output.strip();
        return SafeText.lines(text.substring(Math.max(0, text.length() - SHOWN))).strip();
    }

    private String advice() {
        return Optional.of(MISSING.matcher(lastLine()))
                .filter(missing -> missing.find())
                .map(missing -> DebianPackage.advice(missing.group(1)))
                .orElse("");
    }
}
