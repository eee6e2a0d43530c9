package airlock.plan;

import airlock.config.SecretName;
import airlock.event.Phase;
import airlock.text.SafeText;
import airlock.vm.Drive;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Setting;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// `shell`: runs a text with bash, which prints each command and stops at the first that fails, or
/// with another program.
///
/// @param with a program that the image finds by its name
/// @param secrets variables that it reads from the secrets drive: neither the plan's drive nor
///     bash's trace of the commands contains a value
@Setting.Group(title = "shell", about = "Runs a text with bash.")
record ShellAction(
        @Setting(
                        value = "What bash runs, after a line `set -xeuo pipefail`.",
                        type = "text",
                        example = "make check")
                String shell,
        @Setting(
                        value = "Another program of the image to run the text.",
                        or = BASH,
                        type = "program",
                        example = "python3")
                String with,
        @Setting(
                        value =
                                "Names of `variables` in the repository's configuration, for the"
                                        + " environment of this action alone. Never in `plan`.",
                        or = "[]",
                        type = "variable",
                        range = "0 to 100",
                        example = "[UPLOAD_PASSWORD]")
                List<String> secrets)
        implements Action {
    private static final int LONGEST_TITLE = 80;
    private static final String BASH = "bash";
    private static final String SH = "sh";

    /// The guest program reads bash's trace apart from the output of commands (`spawn.h`).
    private static final String FIRST_LINE = "BASH_XTRACEFD=99; set -xeuo pipefail\n";

    /// The text for programs that are not shells, so that they can name its lines. A file below
    /// `/ci` could be packed.
    static final String FILE = "/run/airlock-shell";

    private static final int MODE = 0700;
    private static final Section<ShellAction> FIELDS =
            Texts.BINDER
                    .with(
                            "program",
                            Scalars.matching(
                                    "a program's name, such as sh or python3",
                                    text -> text.matches("[A-Za-z0-9][A-Za-z0-9._+-]{0,63}")))
                    .with("variable", Scalars.matching("a variable's name", SecretName::isVariable))
                    .section(ShellAction.class);

    static final ActionKind KIND =
            new ActionKind(
                    "shell", Set.of(Phase.PLAN), true, FIELDS, FIELDS.only(List.of("shell")));

    ShellAction {
        secrets = List.copyOf(secrets);
    }

    @Override
    public List<String> remarks() {
        return shell.contains("/workspace")
                ? List.of("/workspace is what /ci was called before Ambient 0.11; say /ci")
                : List.of();
    }

    @Override
    public Optional<String> bashText() {
        return with.equals(BASH) ? Optional.of(shell) : Optional.empty();
    }

    @Override
    public String name() {
        return KIND.name();
    }

    @Override
    public List<Step> lower(StepContext context) {
        if (with.equals(BASH)) {
            String text = exports() + FIRST_LINE + shell;
            return List.of(context.execute(title(), List.of(BASH, "-c", text)));
        }
        if (with.equals(SH)) {
            return List.of(
                    context.execute(title(), started(List.of(SH, "-c", "set -xeu\n" + shell))));
        }
        return List.of(
                StepContext.plain(
                        "write the text for " + with,
                        new GuestStep.WriteFile(FILE, MODE, shell, true)),
                context.execute(title(), started(List.of(with, FILE))));
    }

    /// Only bash can read variables from files; it then executes the program.
    private List<String> started(List<String> argv) {
        return secrets.isEmpty()
                ? argv
                : Stream.concat(
                                Stream.of(BASH, "-c", exports() + "exec \"$@\"", BASH),
                                argv.stream())
                        .toList();
    }

    /// Runs before bash traces commands, and reads the files without another process.
    private String exports() {
        return secrets.stream()
                .map(
                        name ->
                                """
                                [ -r %2$s/%1$s ] || { echo "this phase of this run has no secret %1$s" >&2; exit 1; }
                                export %1$s; %1$s=$(< %2$s/%1$s) || exit 1
                                """
                                        .formatted(name, Drive.SECRETS.directory()))
                .collect(Collectors.joining());
    }

    private String title() {
        String line =
                shell.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
        return SafeText.line(line.isEmpty() ? name() : line, LONGEST_TITLE);
    }
}
