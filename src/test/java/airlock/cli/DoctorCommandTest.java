package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

final class DoctorCommandTest extends Executed {
    @TempDir Path directory;

    private int doctor(Path config) {
        return execute("doctor", "--config", config.toString());
    }

    @Test
    void ofAWrongConfigurationItTellsEveryMistakeWithItsPlaceAndWhatWasMeant() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: https://ci.example.org
                        forges: {}
                        repositories: []
                        retentoin: {}
                        slots: many
                        """);
        assertThat(doctor(file)).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains("airlock.yaml:4", "retentoin", "retention")
                .contains("airlock.yaml:5", "slots", "a whole number");
    }

    @Test
    void withoutAConfigurationItSaysHowToMakeOne() {
        assertThat(doctor(directory.resolve("nothing.yaml"))).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("airlock init");
    }

    @Test
    void findingsHaveALevelAndOnlyABadOneMakesTheExitCode() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: https://ci.example.org
                        state: %s
                        forges: {}
                        repositories: []
                        """
                                .formatted(directory.resolve("state")));
        int code = execute("doctor", "--json", "--config", file.toString());
        var levels = new HashMap<String, String>();
        new JsonMapper()
                .readTree(out.toString())
                .path("findings")
                .forEach(
                        finding ->
                                levels.put(
                                        finding.path("what").stringValue(),
                                        finding.path("level").stringValue()));
        assertThat(levels).containsEntry("state", "ok").containsEntry("image debian-13", "warning");
        assertThat(levels.values()).isSubsetOf("ok", "warning", "bad");
        assertThat(code).isEqualTo(levels.containsValue("bad") ? ExitCode.NO : ExitCode.OK);
        assertThat(directory.resolve("state")).doesNotExist();
    }
}
