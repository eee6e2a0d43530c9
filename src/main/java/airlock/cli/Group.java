package airlock.cli;

import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that does nothing without one of its subcommands.
abstract class Group extends Output {
    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        throw new CliException(
                ExitCode.USAGE,
                spec.subcommands().keySet().stream()
                        .map(name -> "`" + name + "`")
                        .collect(
                                Collectors.joining(
                                        ", ", spec.qualifiedName() + ": which command? ", "")));
    }
}
