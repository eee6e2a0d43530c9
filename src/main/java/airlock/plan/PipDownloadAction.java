package airlock.plan;

import airlock.config.Mirror;
import airlock.event.Phase;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `pip_download`: fetches what a file of Python's requirements names, without what that depends
/// on. pip gets a copy of the file with nothing but names, versions, markers and hashes.
///
/// @param requirements from `/ci/src`
/// @param allowSdist whether source archives will do, whose build programs pip runs then
record PipDownloadAction(String requirements, boolean allowSdist) implements MirrorAction {
    static final String FOLDER = "/ci/deps/pip";

    /// What the file is called.
    static final Key<String> REQUIREMENTS =
            Key.or(
                    "requirements",
                    Texts.path(),
                    "requirements.txt",
                    "requirements.txt",
                    "The file, from `/ci/src`.");

    private static final Key<Boolean> ALLOW_SDIST =
            Key.or(
                    "allow_sdist",
                    Scalars.FLAG,
                    false,
                    "false",
                    "Whether source archives are taken, too; pip runs their build programs.");

    static final ActionKind KIND =
            new ActionKind(
                    "pip_download",
                    Set.of(Phase.PRE_PLAN),
                    new Section<>(
                            "pip_download",
                            "Fetches packages of Python's.",
                            List.of(REQUIREMENTS, ALLOW_SDIST),
                            values ->
                                    new PipDownloadAction(
                                            values.get(REQUIREMENTS), values.get(ALLOW_SDIST))));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public ReadFiles reads() {
        return ReadFiles.at(requirements);
    }

    @Override
    public Mirror mirror() {
        return Mirror.PIP;
    }

    /// The commit's file says which packages' build programs are run.
    @Override
    public boolean runsCommit() {
        return allowSdist;
    }

    @Override
    public Map<String, String> declared() {
        return Map.of("PIP_FIND_LINKS", FOLDER, "PIP_NO_INDEX", "1");
    }

    @Override
    public List<Script> scripts(URI mirror) {
        return List.of(
                Script.of(
                        "pip_download " + requirements,
                        name(),
                        List.of(
                                FOLDER,
                                StepContext.SOURCE,
                                requirements,
                                Boolean.toString(allowSdist),
                                mirror.toString(),
                                Script.file("pip_requirements.py")),
                        ""));
    }
}
