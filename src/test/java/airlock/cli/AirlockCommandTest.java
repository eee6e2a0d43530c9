package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AirlockCommandTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir Path directory;

    private int run(String... arguments) {
        return AirlockCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
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
