package airlock.plan;

import airlock.config.Glob;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a plan says of its artifacts.
///
/// @param paths patterns of those that are kept, from `/ci/artifacts`; empty for all
/// @param keep how long, where the operator keeps them longer
public record ArtifactRule(List<Glob> paths, Optional<Duration> keep) {
    /// Of a plan that says nothing.
    public static final ArtifactRule STANDARD = new ArtifactRule(List.of(), Optional.empty());

    public ArtifactRule {
        paths = List.copyOf(paths);
    }

    /// What removes all others from `folder`; empty where there are none.
    Optional<Script> script(String folder) {
        return paths.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Script.of(
                                "leave the artifacts that `artifacts.paths` names",
                                "keep_artifacts",
                                List.of(folder, expression()),
                                ""));
    }

    /// The patterns as one extended regular expression (POSIX.1-2024, XBD 9.4).
    String expression() {
        return paths.stream()
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
