package airlock.cli;

import airlock.local.LocalPlans;
import java.util.Optional;
import picocli.CommandLine.Option;

/// The options that choose plans of a directory.
final class PlanOptions {
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
