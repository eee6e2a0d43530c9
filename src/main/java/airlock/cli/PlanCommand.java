package airlock.cli;

import airlock.local.LocalPlans;
import airlock.local.LocalRun;
import airlock.plan.PlanJson;
import airlock.plan.PlanReading;
import airlock.plan.PlanText;
import airlock.text.SafeText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "plan",
        description = "Looks at a repository's plan.",
        subcommands = PlanCommand.Show.class)
final class PlanCommand extends Group {
    @Command(
            name = "show",
            description = {
                "Prints what would be executed for a directory's plans, phase by phase: "
                        + "commands, environment, drives, limits that the plan sets, places that "
                        + "it connects to."
            })
    static final class Show extends Output {
        @Parameters(
                arity = "0..1",
                paramLabel = "DIR",
                defaultValue = ".",
                description = "the directory here if left out")
        private Path directory;

        @Mixin private PlanOptions options;

        @Mixin private JsonOption json;

        private final List<Map<String, @Nullable Object>> shown = new ArrayList<>();

        @Override
        public Integer call() {
            if (!Files.isDirectory(directory)) {
                throw new CliException(ExitCode.USAGE, "there is no directory " + directory);
            }
            Path top = LocalRun.checkout(directory.toAbsolutePath().normalize());
            var plans = LocalPlans.in(top, options.wish());
            if (plans.mistake().isPresent()) {
                throw new CliException(
                        ExitCode.NO,
                        plans.mistake().get() + " in " + SafeText.line(top.toString()));
            }
            var wrong = new ArrayList<String>();
            plans.chosen().forEach(chosen -> show(chosen, wrong));
            if (json.isWanted()) {
                out().println(JsonOption.text("plans", shown));
            }
            out().flush();
            if (!wrong.isEmpty()) {
                throw new CliException(ExitCode.NO, String.join("\n", wrong));
            }
            return ExitCode.OK;
        }

        /// Cells differ only in variables and images, so one is shown for all.
        private static String cells(List<String> cells) {
            return "cells: %s%s"
                    .formatted(
                            String.join("; ", cells),
                            cells.size() > 1 ? "\nof these the first is shown:" : "");
        }

        private void show(LocalPlans.Chosen chosen, List<String> wrong) {
            switch (chosen.reading()) {
                case PlanReading.Read(var read, var warnings) -> {
                    warnings.forEach(err()::println);
                    String first = chosen.cells().getFirst();
                    if (json.isWanted()) {
                        var cell = read.ofCell(first).orElseThrow();
                        shown.add(new PlanJson(cell, chosen.cells()).members());
                        return;
                    }
                    if (!first.isEmpty()) {
                        out().println(cells(chosen.cells()));
                    }
                    out().print(new PlanText(read.ofCell(first).orElseThrow()).text());
                }
                case PlanReading.Invalid(_, _, var report) -> wrong.add(report.stripTrailing());
                case PlanReading.Absent _ ->
                        throw new IllegalStateException(chosen.path().path() + " was there");
            }
        }
    }

    /// The options that choose plans of a directory.
    static final class PlanOptions {
        @Option(
                names = "--plan",
                paramLabel = "NAME",
                description = "this plan alone; else all of the directory")
        private Optional<String> plan = Optional.empty();

        @Option(
                names = "--cell",
                paramLabel = "CELL",
                description = "this cell of a matrix alone, such as os=trixie; else all")
        private Optional<String> cell = Optional.empty();

        LocalPlans.Wish wish() {
            return new LocalPlans.Wish(plan, cell);
        }
    }
}
