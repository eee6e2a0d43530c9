package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.house.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Root runs commands on a service's state.
final class OtherUsersStateTest extends Executed {
    @TempDir Path directory;
    private Path config = Path.of("");

    @BeforeEach
    void give() throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        Files.createDirectory(state.resolve("images"));
        config =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: https://ci.example.org
                        state: %s
                        forges: {}
                        repositories: []
                        """
                                .formatted(state));
        Files.writeString(directory.resolve("backup"), "not a backup");
        try {
            Files.setAttribute(state, "unix:uid", 65534);
        } catch (IOException e) {
            assumeThat(e).as("only root can give a directory away").isNull();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "image build",
                "image build rust",
                "image list",
                "image show debian-13",
                "image verify debian-13",
                "image remove debian-13",
                "image prune",
                "image import @backup --name mine",
                "image shell debian-13",
                "backup @made",
                "restore @backup"
            })
    void aCommandSaysAsWhomToRunItAndTouchesNothing(String command) {
        Path state = directory.resolve("state");
        var before = Snapshot.of(state);
        var words = new ArrayList<>(List.of(command.split(" ")));
        words.replaceAll(word -> word.replace("@", directory + "/"));
        words.addAll(List.of("--config", config.toString()));

        int code = execute(words.toArray(String[]::new));

        assertThat(err.toString().strip())
                .isEqualTo(
                        "the state directory "
                                + state
                                + " belongs to nobody, and this runs as root; run as nobody:"
                                + " runuser -u nobody -- airlock …");
        assertThat(code).isEqualTo(ExitCode.BROKE);
        assertThat(Snapshot.of(state)).isEqualTo(before);
        assertThat(directory.resolve("made")).doesNotExist();
    }
}
