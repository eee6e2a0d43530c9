package airlock.plan;

import airlock.config.Mirror;
import airlock.text.Shown;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `maven_fetch`: has Maven fetch what the repository's poms name to a local repository for the
/// plan phase. Maven gets copies of the poms alone. Ambient has no such action.
///
/// @param artifacts further ones, which plugins look for by themselves
record MavenFetchAction(List<String> goals, List<String> artifacts) implements MirrorAction {
    private static final String FOLDER = "/ci/deps/maven";
    private static final int MOST = 200;
    private static final int LONGEST_TITLE = 80;
    private static final Key<List<String>> GOALS =
            Key.or(
                            "goals",
                            Compounds.list(
                                    Texts.matching("a goal", "[A-Za-z][A-Za-z0-9.:_-]{0,199}"),
                                    1,
                                    MOST),
                            List.of("dependency:go-offline"),
                            "[dependency:go-offline]",
                            "What Maven is asked for.")
                    .example("[dependency:resolve, dependency:resolve-plugins]");
    private static final Key<List<String>> ARTIFACTS =
            Key.or(
                            "artifacts",
                            Compounds.list(
                                    Texts.matching(
                                            "GROUP:NAME:VERSION",
                                            "[A-Za-z0-9._-]{1,99}(:[A-Za-z0-9._-]{1,99}){2,4}"),
                                    0,
                                    MOST),
                            List.of(),
                            "[]",
                            "Further ones, which plugins look for by themselves.")
                    .example("[org.apache.maven.surefire:surefire-junit-platform:3.5.2]");

    static final ActionKind KIND =
            new ActionKind(
                    "maven_fetch",
                    Set.of(),
                    new Section<>(
                            "maven_fetch",
                            "Fetches what poms of Maven's name.",
                            List.of(GOALS, ARTIFACTS),
                            values ->
                                    new MavenFetchAction(
                                            values.get(GOALS), values.get(ARTIFACTS))));

    MavenFetchAction {
        goals = List.copyOf(goals);
        artifacts = List.copyOf(artifacts);
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public Mirror mirror() {
        return Mirror.MAVEN;
    }

    /// Poms name extensions, which Maven loads before it does anything.
    @Override
    public boolean runsCommit() {
        return true;
    }

    /// The second is for Maven 3.9 and later; without it, looking for more fails all the same.
    @Override
    public Map<String, String> declared() {
        return Map.of("MAVEN_OPTS", "-Dmaven.repo.local=" + FOLDER, "MAVEN_ARGS", "--offline");
    }

    @Override
    public List<Script> scripts(URI mirror) {
        var arguments =
                new ArrayList<>(
                        List.of(
                                FOLDER,
                                StepContext.SOURCE,
                                mirror.toString(),
                                String.join(" ", artifacts)));
        arguments.addAll(goals);
        return List.of(
                Script.of(
                        Shown.line("maven_fetch " + String.join(" ", goals), LONGEST_TITLE),
                        name(),
                        arguments,
                        ""));
    }
}
