package airlock.plan;

import airlock.config.Destinations;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The context of an action's steps: they run as root in `/ci/src`, with empty stdin.
///
/// @param environment of every program except scripts
/// @param apart the environment of scripts, which actions can't change
/// @param destinations the operator's servers
public record StepContext(
        Map<String, String> environment, Map<String, String> apart, Destinations destinations) {
    private static final String PATH = "PATH";

    /// The directory of the commit's files, where every program starts.
    static final String SOURCE = Drive.SOURCE.directory();

    /// The environment of Ambient's first action (reference/ambient.md, section 8).
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

    /// With the guest program's proxy. Clients differ in which case they read.
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

    /// Adds to or replaces variables of programs that are not scripts.
    StepContext with(Map<String, String> more) {
        return more.isEmpty()
                ? this
                : new StepContext(joined(environment, more), apart, destinations);
    }

    /// Adds the variables of an image, except for scripts.
    StepContext on(Map<String, String> image) {
        return image.isEmpty()
                ? this
                : new StepContext(over(environment, image), apart, destinations);
    }

    /// Airlock's environment over an image's (`ENV` of a container image). In PATH, the image's
    /// directories come after Airlock's first one, where actions install programs.
    private static Map<String, String> over(Map<String, String> own, Map<String, String> image) {
        var all = new LinkedHashMap<>(image);
        // the guest program provides the proxy
        all.keySet().removeIf(name -> name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
        all.putAll(own);
        if (own.containsKey(PATH) && image.containsKey(PATH)) {
            all.put(PATH, path(own.getOrDefault(PATH, ""), image.getOrDefault(PATH, "")));
        }
        return all;
    }

    private static String path(String own, String image) {
        var directories = new LinkedHashSet<String>();
        directories.add(own.split(":", -1)[0]);
        // empty and relative ones would be directories of the commit
        Arrays.stream(image.split(":", -1))
                .filter(directory -> directory.startsWith("/"))
                .forEach(directories::add);
        directories.addAll(Arrays.asList(own.split(":", -1)));
        return String.join(":", directories);
    }

    /// Adds variables of Airlock's own to all programs.
    StepContext everywhere(Map<String, String> more) {
        return new StepContext(joined(environment, more), joined(apart, more), destinations);
    }

    StepContext given(Destinations servers) {
        return new StepContext(environment, apart, servers);
    }

    private static Map<String, String> joined(Map<String, String> some, Map<String, String> more) {
        var all = new LinkedHashMap<>(some);
        all.putAll(more);
        return all;
    }

    Step execute(String title, List<String> argv) {
        return plain(title, new GuestStep.Execute(argv, environment, SOURCE, ""));
    }

    Step apart(Script script) {
        return script.lower(apart);
    }

    static Step plain(String title, GuestStep what) {
        return new Step(title, what, false);
    }

    /// Resolves a path of an action against `/ci/src`.
    static String absolute(String path) {
        return path.startsWith("/") ? path : SOURCE + "/" + path;
    }
}
