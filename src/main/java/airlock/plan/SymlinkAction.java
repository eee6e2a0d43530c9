package airlock.plan;

import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Key;
import airlock.yaml.Section;
import java.util.List;
import java.util.Set;

/// `symlink`: makes a symbolic link. Unlike Ambient's it succeeds where the same one is there.
record SymlinkAction(String target, String linkName) implements Action {
    private static final int LONGEST_TITLE = 80;
    private static final Key<String> TARGET =
            Key.required("target", Texts.path(), "What it leads to, taken as it is.")
                    .example("../common/tool.sh");
    private static final Key<String> LINK_NAME =
            Key.required("link_name", Texts.path(), "The link, from `/ci/src`.")
                    .example("bin/tool.sh");

    // a link can make a file of the commit's into a program of the machine's
    static final ActionKind KIND =
            new ActionKind(
                    "symlink",
                    Set.of(Phase.PLAN),
                    true,
                    new Section<>(
                            "symlink",
                            "Makes a symbolic link.",
                            List.of(TARGET, LINK_NAME),
                            values ->
                                    new SymlinkAction(values.get(TARGET), values.get(LINK_NAME))));

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        return List.of(
                StepContext.plain(
                        SafeText.line("symlink " + linkName + " to " + target, LONGEST_TITLE),
                        new GuestStep.Link(target, StepContext.absolute(linkName))));
    }
}
