package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock run` until it needs a VM: it makes no image for an invalid plan.
class RunCommandTest extends Executed {

    @TempDir Path directory;
    private Path checkout = Path.of("");
    private Path state = Path.of("");

    @BeforeEach
    void places() throws IOException {
        checkout = Files.createDirectory(directory.resolve("checkout"));
        state = directory.resolve("state");
    }

    @AfterEach
    void nothingIsPrintedToPipesAndNothingIsLeft() throws IOException {
        assertThat(out.toString()).isEmpty();
        if (Files.exists(state)) {
            try (Stream<Path> left = Files.list(state)) {
                assertThat(left).containsExactly(state.resolve("lock"));
            }
        }
    }

    private int run(Path of) {
        return execute("run", "--state", state.toString(), of.toString());
    }

    private void plan(String text) throws IOException {
        Files.writeString(checkout.resolve(".airlock.yaml"), text);
    }

    @Test
    void aDirectoryThatIsNotThereIsAUsageError() {
        assertThat(run(directory.resolve("none"))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("there is no directory " + directory.resolve("none"));
        assertThat(state).doesNotExist();
    }

    private int run(String... options) {
        var line = new ArrayList<>(List.of("run", "--state", state.toString()));
        line.addAll(List.of(options));
        line.add(checkout.toString());
        return execute(line.toArray(String[]::new));
    }

    @Test
    void aConfigurationThatCannotBeReadOrLacksTheRepositoryIsToldBeforeAnythingIsMade()
            throws IOException {
        Path config = directory.resolve("airlock.yaml");
        assertThat(run("--config", config.toString())).isEqualTo(ExitCode.CONFIGURATION);
        assertThat(err.toString()).contains("no such file");

        Files.writeString(config, "repositories: [{name: alice/hello}]\n");
        plan("image: tool\nplan: [{action: pwd}]\n");
        assertThat(run("--config", config.toString(), "--repository", "alice/hallo"))
                .isEqualTo(ExitCode.BROKE);
        assertThat(err.toString()).contains("has no repository 'alice/hallo'; it has alice/hello");

        assertThat(run("--config", config.toString())).isEqualTo(ExitCode.NO);
        assertThat(err.toString())
                .contains(
                        "a server refuses this plan: `images` of alice/hello does not have 'tool'")
                .contains("there is no image 'tool'", "recipes of Airlock's are debian-13, ");

        assertThat(run("--repository", "alice/hello")).isEqualTo(ExitCode.USAGE);
        assertThat(run("--output", config.toString())).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aMistakeInThePlanIsToldWithFileAndLine() throws IOException {
        plan("plan:\n  - action: shel\n    shell: true\n");

        assertThat(run(checkout)).isEqualTo(ExitCode.NO);
        assertThat(err.toString())
                .contains(".airlock.yaml:2:13: plan[0].action: unknown action 'shel'")
                .contains("did you mean 'shell'?")
                .contains("  2 |   - action: shel\n", "    |             ^\n")
                .contains("invalid plan: 1 mistake");
    }

    @Test
    void ofManyMistakesAllAreTold() throws IOException {
        plan("plan:\n  - action: shel\n    shell: true\nfoo: 1\nbar: 2\n");

        assertThat(run(checkout)).isEqualTo(ExitCode.NO);
        assertThat(err.toString())
                .contains(".airlock.yaml:2:13: ", ".airlock.yaml:4:1: ", ".airlock.yaml:5:1: ")
                .contains("invalid plan: 3 mistakes");
    }

    @Test
    void aDirectoryWithoutAPlanIsToldWithItsName() {
        assertThat(run(checkout)).isEqualTo(ExitCode.NO);
        assertThat(err.toString())
                .contains("no git repository: all that .gitignore does not name is taken")
                .contains(
                        "no .airlock.yaml, no plan in .airlock and no .radicle/ambient.yaml in "
                                + checkout);
    }

    @Test
    void aPlanThatIsNoFileOrTooLargeIsToldForWhatItIs() throws IOException {
        var plan = checkout.resolve(".airlock.yaml");
        Files.createSymbolicLink(plan, Path.of("elsewhere"));
        assertThat(run(checkout)).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).contains(".airlock.yaml:1:1: is a symbolic link");

        Files.delete(plan);
        plan("#".repeat(2 << 20));
        assertThat(run(checkout)).isEqualTo(ExitCode.NO);
        assertThat(err.toString()).contains(".airlock.yaml:1:1: has 2,097,152 bytes");
    }

    @Test
    void fromASubdirectoryTheCheckoutIsMeantUnlessThereIsAPlan() throws IOException {
        var sub = Files.createDirectories(checkout.resolve("a/b"));
        Files.createDirectories(checkout.resolve(".git/objects"));
        Files.createDirectories(checkout.resolve(".git/refs"));
        Files.writeString(checkout.resolve(".git/HEAD"), "ref: refs/heads/main\n");
        plan("plan: 1\n");

        run(sub);
        assertThat(err.toString()).contains("packing " + checkout + "\n", ".airlock.yaml:1:7");

        Files.writeString(sub.resolve(".airlock.yaml"), "plan: x\n");
        run(sub);
        assertThat(err.toString()).contains("packing " + sub + "\n");
    }

    @Test
    void aStateThatAnotherOneUsesIsNotTouched() throws IOException {
        plan("plan: []\n");
        Files.createDirectories(state);
        try (var lock =
                        FileChannel.open(
                                state.resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                var _ = lock.lock()) {
            assertThat(run(checkout)).isEqualTo(ExitCode.BROKE);
        }
        assertThat(err.toString()).contains("another airlock uses the state directory " + state);
    }

    @Test
    void whatAKilledRunLeftGoesWithTheNext() throws IOException {
        plan("plan: 1\n");
        Files.createDirectories(state.resolve("run-123/work"));
        Files.writeString(state.resolve("run-123/source.tar"), "half");

        assertThat(run(checkout)).isEqualTo(ExitCode.NO);
    }
}
