package airlock.plan;

import airlock.config.Destinations;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Where an action's steps run: as root in `/ci/src`, with nothing on stdin.
///
/// @param environment the whole environment of every program, but for scripts
/// @param apart that of scripts, which actions can't change
/// @param destinations the servers that the operator has given
public record StepContext(
        Map<String, String> environment, Map<String, String> apart, Destinations destinations) {
    /// The directory of the commit's files, where every program starts.
    static final String SOURCE = DriveRules.directory(Drive.SOURCE);

    /// What Ambient gives to the first action (reference/ambient.md, section 8).
    static final StepContext FIRST =
            new StepContext(
                    Map.of(
                            "HOME",
                            "/root",
                            "PATH",
                            "/root/.cargo/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"
                                    + ":/sbin:/bin",
                            "CARGO_TARGET_DIR",
                            "/ci/cache/cargo-target",
                            "CARGO_HOME",
                            "/ci/deps/cargo"),
                    Script.ENVIRONMENT,
                    Destinations.NONE);

    /// The same where places are connected to that only the proxy of the guest program knows.
    /// Clients differ in whether they read the name in capitals.
    static final StepContext WITH_PROXY =
            FIRST.everywhere(
                    Map.of(
                            "https_proxy", "http://127.0.0.1:3128",
                            "HTTPS_PROXY", "http://127.0.0.1:3128",
                            "no_proxy", "localhost,127.0.0.1",
                            "NO_PROXY", "localhost,127.0.0.1"));

    public StepContext {
        environment = Map.copyOf(environment);
        apart = Map.copyOf(apart);
    }

    /// The same with more in the environment of programs that are no scripts; what is there already
    /// is replaced.
    StepContext with(Map<String, String> more) {
        return more.isEmpty()
                ? this
                : new StepContext(joined(environment, more), apart, destinations);
    }

    /// The same on an image whose programs expect these variables; scripts don't get them.
    StepContext on(Map<String, String> image) {
        return image.isEmpty()
                ? this
                : new StepContext(ImageVariables.under(environment, image), apart, destinations);
    }

    /// The same with more in the environment of all programs: only for what Airlock itself says.
    StepContext everywhere(Map<String, String> more) {
        return new StepContext(joined(environment, more), joined(apart, more), destinations);
    }

    /// The same where these servers are given.
    StepContext given(Destinations servers) {
        return new StepContext(environment, apart, servers);
    }

    private static Map<String, String> joined(Map<String, String> some, Map<String, String> more) {
        var all = new LinkedHashMap<>(some);
        all.putAll(more);
        return all;
    }

    /// A step that runs a program.
    Step execute(String title, List<String> argv) {
        return new Step(title, new GuestStep.Execute(argv, environment, SOURCE, ""), false);
    }

    /// A step that runs a script, apart from the commit.
    Step apart(Script script) {
        return script.lower(apart);
    }

    /// A step that the guest program does itself.
    static Step plain(String title, GuestStep what) {
        return new Step(title, what, false);
    }

    /// A path as an action gives it, from `/ci/src` where it is relative.
    static String absolute(String path) {
        return path.startsWith("/") ? path : SOURCE + "/" + path;
    }
}
