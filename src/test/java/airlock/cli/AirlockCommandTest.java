package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

final class AirlockCommandTest extends Executed {

    @TempDir Path directory;

    private int run(String... arguments) {
        return execute(arguments);
    }

    @Test
    void withoutACommandItShowsAllOfThemAndWhatExitCodesMean() {
        assertThat(run()).isEqualTo(ExitCode.OK);
        assertThat(out.toString())
                .contains("serve", "check", "init", "doctor", "run ", "runs", "log", "cancel")
                .contains("rerun", "secret", "deliver", "Exit codes");
    }

    @Test
    void everyCommandHasHelp() {
        for (var name : AirlockCommand.commandLine().getSubcommands().keySet()) {
            assertThat(run(name, "--help")).as(name).isEqualTo(ExitCode.OK);
        }
    }

    @Test
    void anUnknownOptionIsAUsageError() {
        assertThat(run("check", "--nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--nonsense");
    }

    private static Stream<CommandSpec> commands(CommandLine line) {
        return line.getSubcommands().values().stream()
                .flatMap(each -> Stream.concat(Stream.of(each.getCommandSpec()), commands(each)));
    }

    @Test
    void theSummaryOfEachCommandIsWholeSentences() {
        assertThat(commands(AirlockCommand.commandLine()))
                .hasSizeGreaterThan(30)
                .allSatisfy(
                        command ->
                                assertThat(command.usageMessage().description()[0])
                                        .as(command.qualifiedName())
                                        .endsWith("."));
    }

    @Test
    void anArgumentThatMayBeMissingIsShownSo() {
        assertThat(commands(AirlockCommand.commandLine()))
                .flatExtracting(CommandSpec::positionalParameters)
                .hasSizeGreaterThan(10)
                .allSatisfy(
                        argument ->
                                assertThat(argument.required())
                                        .as(argument.toString())
                                        .isEqualTo(argument.arity().min() > 0));
        run("plan", "show", "--help");
        assertThat(out.toString()).contains("[DIR]");
    }

    @Test
    void ofAWordThatIsNoneTheNearestIsProposed() {
        assertThat(run("rnus")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("did you mean runs?");
        assertThat(run("image", "biuld")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("did you mean build?");
        assertThat(run("runs", "--jsn")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("did you mean --json?");
        run("quite-another-thing");
        assertThat(err.toString().split("did you mean", -1)).hasSize(4);
    }

    private String configured(String more) throws IOException {
        return Files.writeString(
                        directory.resolve("airlock.yaml"),
                        "base_url: http://ci.example.org\nforges: {}\nrepositories: []\n" + more)
                .toString();
    }

    @Test
    void warningsOfTheConfigurationAreOfCheckAndNotOfEveryCommand() throws IOException {
        String file = configured("state: %s\n".formatted(directory.resolve("state")));

        assertThat(run("check", "--config", file)).isEqualTo(ExitCode.OK);
        assertThat(err.toString()).contains("warning: ", "use https");
        err.getBuffer().setLength(0);
        assertThat(run("runs", "--config", file)).isEqualTo(ExitCode.BROKE);
        assertThat(run("image", "list", "--config", file)).isEqualTo(ExitCode.OK);
        assertThat(err.toString()).contains("airlock serve").doesNotContain("warning");
    }

    @Test
    void checkTellsProgramsWhatIsWrongAndWhere() throws IOException {
        assertThat(run("check", "--json", "--config", configured("slots: none\n")))
                .isEqualTo(ExitCode.CONFIGURATION);
        var told = JsonMapper.shared().readTree(out.toString());
        var error = told.path("problems").get(0);
        assertThat(error.path("severity").asString()).isEqualTo("error");
        assertThat(error.path("path").asString()).isEqualTo("slots");
        assertThat(error.path("line").asInt()).isEqualTo(4);
        assertThat(told.path("repositories").isNull()).isTrue();

        out.getBuffer().setLength(0);
        assertThat(run("check", "--json", "--config", configured(""))).isEqualTo(ExitCode.OK);
        told = JsonMapper.shared().readTree(out.toString());
        assertThat(told.path("problems").get(0).path("severity").asString()).isEqualTo("warning");
    }

    @Test
    void lintAndPlanShowTellProgramsWhatTheyTellPeople() throws IOException {
        Path plan =
                Files.writeString(
                        directory.resolve(".airlock.yaml"),
                        """
                        pre_plan: [{action: npm_get}]
                        plan: [{action: shell, shell: 'echo a\u202eb'}]
                        """);
        assertThat(run("plan", "show", "--json", directory.toString())).isEqualTo(ExitCode.OK);
        assertThat(out.toString()).matches("\\p{ASCII}*");
        var shown = JsonMapper.shared().readTree(out.toString()).path("plans").get(0);
        assertThat(shown.path("plan").asString()).isEqualTo("main");
        var phases = shown.path("phases");
        assertThat(phases.path("pre_plan").path("configuration").get(0).asString())
                .isEqualTo("mirrors.npm");
        assertThat(phases.path("plan").path("steps").get(0).path("argv").toString())
                .contains("echo");
        assertThat(phases.has("post_plan")).isFalse();

        out.getBuffer().setLength(0);
        Files.writeString(plan, "plan: [{action: shel}]\n");
        assertThat(run("lint", "--json", plan.toString())).isEqualTo(ExitCode.NO);
        var file = JsonMapper.shared().readTree(out.toString()).path("files").get(0);
        assertThat(file.path("errors").asInt()).isEqualTo(1);
        assertThat(file.path("problems").get(0).path("nearest").asString()).isEqualTo("shell");
    }

    @Test
    void aConfigurationWithMistakesShowsAllOfThem() throws IOException {
        Path file = directory.resolve("airlock.yaml");
        Files.writeString(file, "base_ulr: http://ci.test\nslots: none\n");

        assertThat(run("check", "--config", file.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("base_url").contains("slots").contains("problems:");
    }

    @Test
    void initWritesAFileOnceAndNeverOverOne() {
        Path file = directory.resolve("airlock.yaml");

        assertThat(run("init", file.toString())).isEqualTo(ExitCode.OK);
        assertThat(file).isNotEmptyFile();
        assertThat(run("init", file.toString())).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString()).contains("there already");
    }

    @Test
    void aRunsIdThatIsNoneIsAUsageErrorThatSaysWhereTheyAre() {
        assertThat(run("cancel", "nonsense")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("airlock runs");
    }
}
