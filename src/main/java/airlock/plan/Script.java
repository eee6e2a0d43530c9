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

/// A program of Airlock's own for the guest: a text for bash that calls programs of the image. It
/// runs apart from the commit: it starts in `/`, has no home directory, and its environment is the
/// same whatever actions before it have set.
///
/// @param title what people read
/// @param name what it is called in messages of bash's
/// @param text for bash
/// @param arguments for the text
/// @param stdin empty for nothing
record Script(String title, String name, String text, List<String> arguments, String stdin) {
    static final String DIRECTORY = "/";

    /// The environment of all scripts. Nothing lies in `/nonexistent`, in Debian's own words.
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

    /// The script that stands beside this class as `name.sh`.
    static Script of(String title, String name, List<String> arguments, String stdin) {
        return new Script(title, name, file(name + ".sh"), arguments, stdin);
    }

    /// One that fails with a reason.
    static Script refusal(String name, String reason) {
        return new Script(name, name, REFUSAL, List.of(reason), "");
    }

    /// The text of a file that stands beside this class. In the place of a line that reads another
    /// one there is that other's text.
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

    /// @param environment all of it
    Step lower(Map<String, String> environment) {
        var argv = new ArrayList<>(List.of("/bin/bash", "--noprofile", "--norc", "-c", text, name));
        argv.addAll(arguments);
        return new Step(title, new GuestStep.Execute(argv, environment, DIRECTORY, stdin), false);
    }
}
