package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Commands that meet a file system that refuses.
final class UnusableStateTest extends Executed {
    @TempDir Path directory;

    private int run(String state, String command) throws IOException {
        Path config =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: https://ci.example.org
                        state: %s
                        forges: {}
                        repositories: []
                        """
                                .formatted(state));
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.replaceAll(word -> word.replace("@", directory + "/"));
        words.addAll(List.of("--config", config.toString()));
        return execute(words.toArray(String[]::new));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "image build",
                "image import @airlock.yaml --name mine",
                "image shell debian-13",
                "backup @backup",
                "restore @airlock.yaml",
                "runs"
            })
    void aCommandSaysWhatIsWrongWithTheDirectoryInWords(String command) throws IOException {
        assertThat(run("/proc/airlock", command)).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString())
                .contains("/proc/airlock")
                .doesNotContain("Exception", "java.", "\tat ");
        assertThat(err.toString().lines().filter(line -> !line.matches(" *[0-9.]+ s .*")))
                .hasSize(1);
    }

    @Test
    void aServerThatCannotMakeItsDirectorySaysWhichKeyNamesIt() throws IOException {
        assertThat(run("/proc/airlock", "serve")).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString().strip())
                .isEqualTo(
                        "the state directory /proc/airlock can't be used: there is no"
                                + " /proc/airlock; set `state` to a directory that "
                                + System.getProperty("user.name")
                                + " may write");
    }

    @Test
    void aConfigurationThatIsADirectoryIsToldInWords() {
        var code = execute("runs", "--config", directory.toString());
        assertThat(code).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).doesNotContain("Exception").contains("directory");
    }
}
