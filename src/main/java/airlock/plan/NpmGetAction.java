package airlock.plan;

import airlock.config.Mirror;
import airlock.event.Phase;
import airlock.yaml.Section;
import java.net.URI;
import java.util.List;
import java.util.Set;

/// `npm_get`: fetches the packages of a lock file of npm's, each to `/ci/deps/npm/KEY.tgz`, and
/// checks them by it. It needs no npm: the lock file is read by a program of Airlock's for python3.
record NpmGetAction() implements MirrorAction {
    static final String FOLDER = "/ci/deps/npm";

    static final ActionKind KIND =
            new ActionKind(
                    "npm_get",
                    Set.of(Phase.PRE_PLAN),
                    new Section<>(
                            "npm_get",
                            "Fetches packages of npm's.",
                            List.of(),
                            _ -> new NpmGetAction()));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.at("npm-shrinkwrap.json", "package-lock.json");
    }

    @Override
    public Mirror mirror() {
        return Mirror.NPM;
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
                                Script.file("npm_lock.py")),
                        ""));
    }
}
