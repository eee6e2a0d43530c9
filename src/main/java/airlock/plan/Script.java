package airlock.plan;

import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A bash script of Airlock's for the guest, isolated from the commit: it starts in `/`, has no
/// home directory, and an environment that actions can't change.
///
/// @param title for people
/// @param name in messages of bash
/// @param stdin may be empty
record Script(String title, String name, String text, List<String> arguments, String stdin) {
    static final String DIRECTORY = "/";

    /// The environment of all scripts. In Debian, `/nonexistent` never exists.
    static final Map<String, String> ENVIRONMENT =
            Map.of(
                    "HOME",
                    "/nonexistent",
                    "PATH",
                    "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    "LC_ALL",
                    "C.UTF-8");

    private static final Pattern OTHER = Pattern.compile("(?m)^\\. \\./(\\w+\\.sh)\\n");
    private static final String REFUSAL = "echo \"$1\" >&2; exit 1";

    Script {
        arguments = List.copyOf(arguments);
    }

    /// The script `name.sh` in this package.
    static Script of(String title, String name, List<String> arguments, String stdin) {
        return new Script(title, name, file(name + ".sh"), arguments, stdin);
    }

    /// A script that fails with a reason.
    static Script refusal(String name, String reason) {
        return new Script(name, name, REFUSAL, List.of(reason), "");
    }

    /// The text of a file in this package. Lines that source another file are replaced by its text.
    static String file(String name) {
        try (var in = Script.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("there is no file " + name);
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return OTHER.matcher(text)
                    .replaceAll(other -> Matcher.quoteReplacement(file(other.group(1))));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the file " + name, e);
        }
    }

    Step lower(Map<String, String> environment) {
        var argv = new ArrayList<>(List.of("/bin/bash", "--noprofile", "--norc", "-c", text, name));
        argv.addAll(arguments);
        return StepContext.plain(title, new GuestStep.Execute(argv, environment, DIRECTORY, stdin));
    }
}
