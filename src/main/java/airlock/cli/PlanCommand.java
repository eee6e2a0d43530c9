package airlock.cli;

import airlock.app.LocalRun;
import airlock.event.Texts;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.plan.PlanText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// `airlock plan`.
@Command(
        name = "plan",
        description = "Looks at a repository's plan.",
        mixinStandardHelpOptions = true,
        subcommands = PlanCommand.Show.class)
final class PlanCommand extends Output {
    @Override
    public Integer call() {
        throw new CliException(ExitCode.USAGE, "airlock plan: show is missing");
    }

    /// `airlock plan show`.
    @Command(
            name = "show",
            description = {
                "Prints what would be executed for a directory's plan, phase by phase: commands,",
                "environment, drives, limits that the plan sets, places that it connects to."
            },
            mixinStandardHelpOptions = true)
    static final class Show extends Output {
        @Parameters(
                paramLabel = "DIR",
                defaultValue = ".",
                description = "the directory here if left out")
        private Path directory;

        @Override
        public Integer call() {
            if (!Files.isDirectory(directory)) {
                throw new CliException(ExitCode.USAGE, "there is no directory " + directory);
            }
            Path top = LocalRun.checkout(directory.toAbsolutePath().normalize());
            return switch (new PlanReader().read(path -> content(top.resolve(path)))) {
                case PlanReading.Read(var plan, var warnings) -> {
                    warnings.forEach(err()::println);
                    out().print(new PlanText(plan).text());
                    out().flush();
                    yield ExitCode.OK;
                }
                case PlanReading.Invalid(_, var report) ->
                        throw new CliException(ExitCode.NO, report.stripTrailing());
                case PlanReading.Absent _ ->
                        throw new CliException(
                                ExitCode.NO,
                                "no %s and no %s in %s"
                                        .formatted(
                                                PlanFile.AIRLOCK.path(),
                                                PlanFile.AMBIENT.path(),
                                                Texts.line(top.toString())));
            };
        }

        private static Optional<byte[]> content(Path file) {
            try {
                return Files.isRegularFile(file)
                        ? Optional.of(Files.readAllBytes(file))
                        : Optional.empty();
            } catch (IOException e) {
                throw new CliException(ExitCode.NO, "can't read " + file + ": " + e);
            }
        }
    }
}
