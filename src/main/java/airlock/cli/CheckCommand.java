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

/// `airlock check`.
@Command(
        name = "check",
        description = "Reads the configuration, shows all its problems and stops.",
        mixinStandardHelpOptions = true)
final class CheckCommand extends Output {
    @Mixin private ConfigOption config;

    @Mixin private JsonOption json;

    @Override
    public Integer call() {
        return json.isWanted() ? json() : text();
    }

    private int text() {
        var read = config.read(err());
        out().println(
                        config.file()
                                + " is fine: "
                                + read.repositories().size()
                                + " repositories at "
                                + read.forges().size()
                                + " forges");
        return ExitCode.OK;
    }

    private int json() {
        return switch (config.reading()) {
            case Reading.Read<AirlockConfig>(var read, var warnings) ->
                    print(
                            ExitCode.OK,
                            JsonOption.members(
                                    "file", config.file().toString(),
                                    "repositories", read.repositories().size(),
                                    "forges", read.forges().size(),
                                    "problems", problems(List.of(), warnings)));
            case Reading.Invalid<AirlockConfig>(var errors, var warnings, _) ->
                    print(
                            ExitCode.CONFIGURATION,
                            JsonOption.members(
                                    "file",
                                    config.file().toString(),
                                    "repositories",
                                    null,
                                    "forges",
                                    null,
                                    "problems",
                                    problems(errors, warnings)));
        };
    }

    private int print(int code, Map<String, @Nullable Object> answer) {
        out().println(JsonOption.text(answer));
        return code;
    }

    private static List<Map<String, @Nullable Object>> problems(
            List<Problem> errors, List<Problem> warnings) {
        return Stream.concat(errors.stream(), warnings.stream())
                .sorted(Problem.ORDER)
                .map(JsonOption::members)
                .toList();
    }
}
