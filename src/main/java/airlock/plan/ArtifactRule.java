package airlock.plan;

import airlock.config.Glob;
import airlock.yaml.Setting;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A plan's settings for artifacts.
///
/// @param paths patterns below `/ci/artifacts` of those to keep; all without it
/// @param keep how long, at most as long as the operator's limit
@Setting.Group(title = "artifacts", about = "What becomes of artifacts.")
public record ArtifactRule(
        @Setting(type = "path of an artifact", range = "1 to 20") Optional<List<Glob>> paths,
        @Setting(range = "1m to 3650d") Optional<Duration> keep) {
    public ArtifactRule {
        paths = paths.map(List::copyOf);
    }

    /// The script that removes the other artifacts from `folder`.
    Optional<Script> script(String folder) {
        return paths.map(
                patterns ->
                        Script.of(
                                "leave the artifacts that `artifacts.paths` names",
                                "keep_artifacts",
                                List.of(folder, expression(patterns)),
                                ""));
    }

    /// The patterns as an extended regular expression (POSIX.1-2024, XBD 9.4).
    static String expression(List<Glob> patterns) {
        return patterns.stream()
                .map(glob -> expression(glob.pattern()))
                .collect(Collectors.joining("|", "(", ")"));
    }

    private static String expression(String pattern) {
        var text = new StringBuilder();
        for (int at = 0; at < pattern.length(); ) {
            char c = pattern.charAt(at);
            int stars = at;
            while (stars < pattern.length() && pattern.charAt(stars) == '*') {
                stars++;
            }
            if (stars > at) {
                text.append(stars > at + 1 ? ".*" : "[^/]*");
                at = stars;
                continue;
            }
            text.append(c == '?' ? "[^/]" : plain(c));
            at++;
        }
        return text.toString();
    }

    private static String plain(char c) {
        return "\\.[]{}()+^$|".indexOf(c) < 0 ? String.valueOf(c) : "\\" + c;
    }
}
