package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock run --projects` until it needs a VM.
class RunProjectsCommandTest extends Executed {

    @TempDir Path directory;
    private Path projects = Path.of("");

    @BeforeEach
    void places() throws IOException {
        Files.createDirectory(directory.resolve("src"));
        Files.createFile(directory.resolve("debian.qcow2"));
        projects = directory.resolve("projects.yaml");
        Files.writeString(
                projects,
                """
                projects:
                  hello: {source: src, image: debian.qcow2, plan: [{action: pwd}]}
                  other: {source: src, image: debian.qcow2, plann: []}
                """);
    }

    private int run(String... arguments) {
        var line = new ArrayList<>(List.of("run", "--state", directory + "/state"));
        line.addAll(List.of(arguments));
        return execute(line.toArray(String[]::new));
    }

    @Test
    void aMistakeInTheFileEndsItAndAllAreShown() throws IOException {
        Files.writeString(projects, "projects:\n  a: {source: none, image: none}\n  b: 1\n");

        assertThat(run("--projects", projects.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString())
                .contains(
                        "projects.yaml:2:15: projects.a.source: there is no directory",
                        "projects.yaml:2:28: projects.a.image: there is no file",
                        "projects.yaml:3:6: projects.b: found a whole number",
                        "  3 |   b: 1\n    |      ^\n",
                        "3 mistakes");
        assertThat(directory.resolve("state")).doesNotExist();
    }

    @Test
    void aProjectThatIsNotThereIsToldWithThoseThatAre() {
        assertThat(run("--projects", projects.toString(), "hallo")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString())
                .contains(
                        "warning: projects.other.plann: unknown key, ignored",
                        "no project is called 'hallo'; there are hello, other");
    }

    @Test
    void anImageThatIsNotHereIsToldWithTheCommandForIt() {
        assertThat(run("--projects", projects.toString(), "hello")).isEqualTo(ExitCode.BROKE);
        assertThat(err.toString())
                .contains(
                        "the image " + directory.resolve("debian.qcow2") + " of hello is not here",
                        " --name debian --config FILE`");
    }

    @Test
    void optionsAndNamesOfProjectsNeedTheirFile() {
        assertThat(run("--force", "x")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("--force and --image belong to --projects FILE");
        assertThat(run("a", "b")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("names of projects need --projects FILE");
    }
}
