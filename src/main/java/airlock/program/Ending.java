package airlock.program;

import airlock.text.SafeText;
import java.nio.file.Path;
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

    /// The Debian packages of the programs that Airlock starts.
    public static final class DebianPackage {
        private static final Map<String, String> PACKAGES =
                Map.ofEntries(
                        Map.entry("bsdtar", "libarchive-tools"),
                        Map.entry("bwrap", "bubblewrap"),
                        Map.entry("gpgv", "gpgv"),
                        Map.entry("mcopy", "mtools"),
                        Map.entry("mformat", "mtools"),
                        Map.entry("mke2fs", "e2fsprogs"),
                        Map.entry("mmdebstrap", "mmdebstrap uidmap"),
                        Map.entry("newuidmap", "uidmap"),
                        Map.entry("prlimit", "util-linux"),
                        Map.entry("qemu-img", "qemu-utils"),
                        Map.entry("qemu-system-x86_64", "qemu-system-x86"),
                        Map.entry("setpriv", "util-linux"),
                        Map.entry("setsid", "util-linux"),
                        Map.entry("shellcheck", "shellcheck"),
                        Map.entry("skopeo", "skopeo"),
                        Map.entry("tar", "tar"),
                        Map.entry("xz", "xz-utils"),
                        Map.entry("zstd", "zstd"));

        private DebianPackage() {}

        /// Empty for a program that Airlock does not know.
        public static Optional<String> of(String program) {
            return Optional.ofNullable(
                    PACKAGES.get(String.valueOf(Path.of(program).getFileName())));
        }

        /// The end of a sentence that says how to install a missing program; empty if it is
        /// unknown.
        static String advice(String program) {
            return of(program).map(name -> "; install it: apt-get install " + name).orElse("");
        }
    }
}
