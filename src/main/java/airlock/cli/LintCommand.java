package airlock.cli;

import airlock.base.FileFaults;
import airlock.cli.Linter.ShellCheck;
import airlock.config.AirlockConfig;
import airlock.config.RepositoryConfig;
import airlock.local.LocalPlans;
import airlock.plan.PlanFile;
import airlock.plan.PlanPath;
import airlock.text.SafeText;
import airlock.yaml.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "lint",
        description = {
            "Reads plan files and shows all that is wrong with them, or probably not " + "meant.",
            "With --repository also what the operator's configuration lacks for them."
        })
final class LintCommand extends Output {
    @Parameters(
            arity = "0..*",
            paramLabel = "FILE",
            description = "plan files; else those of the directory here")
    private List<Path> named = List.of();

    @Option(
            names = "--repository",
            paramLabel = "OWNER/NAME",
            description = "whose targets, mirrors and network the plan is to meet")
    private Optional<String> repository = Optional.empty();

    @Mixin private ConfigOption config;

    @Mixin private JsonOption json;

    private final List<Map<String, @Nullable Object>> files = new ArrayList<>();

    @Override
    public Integer call() {
        var linter =
                new Linter(repository.map(name -> named(name, config.read())), new ShellCheck());
        long errors = 0;
        var all = new LinkedHashMap<Path, String>();
        if (named.isEmpty()) {
            all.putAll(here());
        }
        named.forEach(file -> all.put(file, misplaced(file)));
        for (var file : all.entrySet()) {
            errors += lint(linter, file.getKey(), file.getValue());
        }
        if (json.isWanted()) {
            out().println(JsonOption.text("files", files));
        }
        return errors == 0 ? ExitCode.OK : ExitCode.NO;
    }

    /// @param misplaced why a plan cannot have this path; empty if it can
    private long lint(Linter linter, Path file, String misplaced) {
        byte[] bytes = bytes(file);
        var found = linter.lint(kind(file), bytes, SafeText.line(file.toString()));
        long errors = found.errors();
        if (json.isWanted()) {
            files.add(members(file, found, misplaced));
            return errors + (misplaced.isEmpty() ? 0 : 1);
        }
        out().print(new Report(bytes).of(found.problems()));
        if (!misplaced.isEmpty()) {
            out().printf("%s: %s%n", SafeText.line(file.toString()), misplaced);
            errors++;
        }
        out().printf(
                        "%s: %s, %s%n",
                        SafeText.line(file.toString()),
                        counted(errors, "error"),
                        counted(found.problems().size() - found.errors(), "warning"));
        out().flush();
        if (!found.checkedShells()) {
            err().println("there is no shellcheck here: `shell` actions were not looked at");
        }
        return errors;
    }

    private static Map<String, @Nullable Object> members(
            Path file, Linter.Found found, String misplaced) {
        return JsonOption.members(
                "file", file.toString(),
                "errors", found.errors() + (misplaced.isEmpty() ? 0 : 1),
                "warnings", found.problems().size() - found.errors(),
                "misplaced", JsonOption.orNull(misplaced),
                "shells_checked", found.checkedShells(),
                "problems", found.problems().stream().map(JsonOption::members).toList());
    }

    /// Which of the two plan languages a file is in.
    static PlanFile kind(Path file) {
        boolean isAmbients = file.endsWith(Path.of(PlanFile.AMBIENT.path()).getFileName());
        return isAmbients && !isInFolder(file) ? PlanFile.AMBIENT : PlanFile.AIRLOCK;
    }

    private static boolean isInFolder(Path file) {
        Path folder = file.toAbsolutePath().getParent();
        return folder != null && folder.endsWith(PlanPath.FOLDER);
    }

    /// Why a plan cannot have this path; empty if its name allows it.
    private static String misplaced(Path file) {
        return isInFolder(file)
                ? PlanPath.among(List.of(PlanPath.FOLDER + "/" + file.getFileName())).stream()
                        .map(PlanPath::mistake)
                        .collect(Collectors.joining())
                : "";
    }

    /// All plans in this directory with what is wrong with their paths; also Ambient's file, even
    /// if it is ignored.
    private static Map<Path, String> here() {
        var plans = LocalPlans.in(Path.of(""), LocalPlans.Wish.ALL);
        if (plans.mistake().isPresent()) {
            throw new CliException(ExitCode.USAGE, plans.mistake().get() + " here");
        }
        var there = new LinkedHashMap<Path, String>();
        for (var plan : plans.chosen()) {
            there.put(Path.of(plan.path().path()), plan.path().mistake());
        }
        Path ambients = Path.of(PlanFile.AMBIENT.path());
        if (Files.exists(ambients)) {
            there.putIfAbsent(ambients, "");
        }
        return there;
    }

    private static RepositoryConfig named(String name, AirlockConfig all) {
        var fitting =
                all.repositories().stream()
                        .filter(
                                repository ->
                                        repository.name().equals(name)
                                                || (repository.forge() + "/" + repository.name())
                                                        .equals(name))
                        .toList();
        if (fitting.size() != 1) {
            throw new CliException(
                    ExitCode.USAGE,
                    fitting.isEmpty()
                            ? "the configuration has no repository " + SafeText.line(name)
                            : SafeText.line(name)
                                    + " is at several forges; write FORGE/OWNER/NAME");
        }
        return fitting.getFirst();
    }

    /// Reads a plan file that the user named.
    static byte[] bytes(Path file) {
        String name = SafeText.line(file.toString());
        if (!Files.isRegularFile(file)) {
            throw new CliException(
                    ExitCode.USAGE,
                    Files.exists(file) ? name + " is not a file" : "there is no file " + name);
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CliException(ExitCode.NO, "can't read " + name + ": " + FileFaults.words(e));
        }
    }

    /// `1 repository`, `2,000 repositories`.
    static String counted(long number, String word) {
        return number == 1
                ? "1 " + word
                : "%,d %s".formatted(number, word.replaceFirst("y$", "ie") + "s");
    }
}
