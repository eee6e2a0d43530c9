package airlock.cli;

import airlock.cli.NetworkCommand.PlanPlaces;
import airlock.config.ConfigTemplate;
import airlock.plan.OperatorBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "init", description = "Writes a commented configuration to start from.")
final class InitCommand extends Output {
    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "airlock.yaml",
            description = "${DEFAULT-VALUE} if left out")
    private Path file;

    @Option(
            names = "--from-plan",
            paramLabel = "FILE",
            description = "prints what a plan file needs of the configuration, and writes nothing")
    private Optional<Path> plan = Optional.empty();

    @Override
    public Integer call() throws IOException {
        if (plan.isPresent()) {
            out().print(new OperatorBlock(PlanPlaces.plan(plan.get())).text());
            out().flush();
            return ExitCode.OK;
        }
        write(file, ConfigTemplate.text());
        return ExitCode.OK;
    }
}
