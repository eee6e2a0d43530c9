package airlock.plan;

import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;

/// `pip_install`: installs what a file of requirements names, out of what `pip_download` has
/// fetched. Ambient has no such action.
///
/// @param venv where a virtual environment is made for it; empty for the image's own Python
record PipInstallAction(String requirements, String venv) implements Action {
    private static final Key<String> VENV =
            Key.or(
                            "venv",
                            Texts.path(),
                            "",
                            "the image's own Python",
                            "A directory for a virtual environment, which is made if it is not"
                                    + " there.")
                    .example("/ci/cache/venv");

    static final ActionKind KIND =
            new ActionKind(
                    "pip_install",
                    Set.of(),
                    true,
                    new Section<>(
                            "pip_install",
                            "Installs packages of Python's.",
                            List.of(PipDownloadAction.REQUIREMENTS, VENV),
                            values ->
                                    new PipInstallAction(
                                            values.get(PipDownloadAction.REQUIREMENTS),
                                            values.get(VENV))));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(
                context.run(
                        Script.of(
                                "pip install " + requirements,
                                name(),
                                List.of(
                                        PipDownloadAction.FOLDER,
                                        StepContext.absolute(requirements),
                                        venv.isEmpty() ? "" : StepContext.absolute(venv)),
                                "")));
    }
}
