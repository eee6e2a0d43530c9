package airlock.plan;

import airlock.config.Mirror;
import airlock.yaml.Section;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `gradle_fetch`: fetches the files that `gradle/verification-metadata.xml` lists, and checks them
/// by it. Gradle is not run where the network is, since its build files are programs: the list,
/// which Gradle writes, is read by a program of Airlock's for python3. Ambient has no such action.
record GradleFetchAction() implements MirrorAction {
    static final String FOLDER = "/ci/deps/gradle";

    static final ActionKind KIND =
            new ActionKind(
                    "gradle_fetch",
                    Set.of(),
                    new Section<>(
                            "gradle_fetch",
                            "Fetches what Gradle's list of checksums names.",
                            List.of(),
                            _ -> new GradleFetchAction()));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public Mirror mirror() {
        return Mirror.GRADLE;
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.at("gradle", "gradle/verification-metadata.xml");
    }

    /// In that home there is a script that has builds look where the files are.
    @Override
    public Map<String, String> declared() {
        return Map.of("GRADLE_USER_HOME", FOLDER + "/home");
    }

    @Override
    public List<Script> scripts(URI mirror) {
        return List.of(
                Script.of(
                        name(),
                        name(),
                        List.of(
                                FOLDER,
                                StepContext.SOURCE,
                                mirror.toString(),
                                Script.file("gradle_files.py")),
                        ""));
    }
}
