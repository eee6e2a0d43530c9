package airlock.cli;

import airlock.config.AirlockConfig;
import airlock.yaml.Problem;
import airlock.yaml.Reading;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
        return switch (config.reading()) {
            case Reading.Read<AirlockConfig>(var read, var warnings) -> {
                print(read.repositories().size(), read.forges().size(), List.of(), warnings);
                yield ExitCode.OK;
            }
            case Reading.Invalid<AirlockConfig>(var errors, var warnings, _) -> {
                print(null, null, errors, warnings);
                yield ExitCode.CONFIGURATION;
            }
        };
    }

    private void print(
            @Nullable Integer repositories,
            @Nullable Integer forges,
            List<Problem> errors,
            List<Problem> warnings) {
        out().println(
                        JsonOption.text(
                                JsonOption.members(
                                        "file",
                                        config.file().toString(),
                                        "repositories",
                                        repositories,
                                        "forges",
                                        forges,
                                        "problems",
                                        problems(errors, warnings))));
    }

    private static List<Map<String, @Nullable Object>> problems(
            List<Problem> errors, List<Problem> warnings) {
        return Stream.concat(errors.stream(), warnings.stream())
                .sorted(Problem.ORDER)
                .map(JsonOption::members)
                .toList();
    }
}
