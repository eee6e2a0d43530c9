package airlock.cli;

import airlock.config.AirlockConfig;
import airlock.yaml.Problem;
import airlock.yaml.Reading;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "check", description = "Reads the configuration, shows all its problems and stops.")
final class CheckCommand extends Output {
    @Mixin private ConfigOption config;

    @Mixin private JsonOption json;

    @Override
    public Integer call() {
        return json.isWanted() ? json() : text();
    }

    private int text() {
        var read = config.read(err());
        out().printf(
                        "%s is fine: %s at %s%n",
                        config.file(),
                        LintCommand.counted(read.repositories().size(), "repository"),
                        LintCommand.counted(read.forges().size(), "forge"));
        return ExitCode.OK;
    }

    private int json() {
        var reading = config.reading();
        var read = reading instanceof Reading.Read<AirlockConfig>(var it, _) ? it : null;
        var problems =
                switch (reading) {
                    case Reading.Read<AirlockConfig>(_, var warnings) -> warnings.stream();
                    case Reading.Invalid<AirlockConfig>(var errors, var warnings, _) ->
                            Stream.concat(errors.stream(), warnings.stream());
                };
        out().println(
                        JsonOption.text(
                                JsonOption.members(
                                        "file",
                                        config.file().toString(),
                                        "repositories",
                                        read == null ? null : read.repositories().size(),
                                        "forges",
                                        read == null ? null : read.forges().size(),
                                        "problems",
                                        problems.sorted(Problem.ORDER)
                                                .map(JsonOption::members)
                                                .toList())));
        return read == null ? ExitCode.CONFIGURATION : ExitCode.OK;
    }
}
