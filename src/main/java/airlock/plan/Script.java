package airlock.plan;

import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    private static final String REFUSAL = "echo \"$1\" >&2; exit 1";

    Script {
        arguments = List.copyOf(arguments);
    }

    /// The script that stands beside this class as `name.sh`.
    static Script of(String title, String name, List<String> arguments, String stdin) {
        return new Script(title, name, text(name), arguments, stdin);
    }

    /// One that fails with a reason.
    static Script refusal(String name, String reason) {
        return new Script(name, name, REFUSAL, List.of(reason), "");
    }

    private static String text(String name) {
        try (var in = Script.class.getResourceAsStream(name + ".sh")) {
            if (in == null) {
                throw new IllegalStateException("there is no script " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the script " + name, e);
        }
    }

    /// @param environment all of it
    Step lower(Map<String, String> environment) {
        var argv = new ArrayList<>(List.of("/bin/bash", "--noprofile", "--norc", "-c", text, name));
        argv.addAll(arguments);
        return new Step(title, new GuestStep.Execute(argv, environment, DIRECTORY, stdin), false);
    }
}
