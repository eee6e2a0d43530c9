package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Verdict;
import airlock.image.Image;
import airlock.image.ImageStore;
import airlock.image.Recipe;
import airlock.local.LocalRun;
import airlock.local.LocalSettings;
import airlock.machine.GuestProgram;
import airlock.phases.PhaseParts;
import airlock.vm.BootFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An image that has shellcheck. With --long, since it is made for this.
@Tag("vm")
@Tag("soak")
class ShellCheckInVmTest {
    @TempDir Path directory;
    private final HeardRun heard = new HeardRun();

    private static Image image() throws Exception {
        var recipe = Recipe.builtIn("base");
        var text = recipe.text().replace("name base", "name shellcheck") + "package shellcheck\n";
        return new ImageStore(Path.of(".airlock", "images"), InstantSource.system())
                .build(Recipe.parse(text), GuestProgram.find(), System.err::println);
    }

    @Test
    void itLooksAtShellActionsInTheVmAndItsFindingsAreLinesOfTheLog() throws Exception {
        var image = image();
        var images =
                new PhaseParts.Images() {
                    @Override
                    public BootFiles boot(String name) {
                        return image.boot();
                    }

                    @Override
                    public Set<String> packages(String name) {
                        return image.facts().software().installed().keySet();
                    }
                };
        Path source = Files.createDirectory(directory.resolve("source"));
        Files.writeString(
                source.resolve(".airlock.yaml"),
                "plan:\n  - {action: shell, shell: 'echo $HOME is home'}\n");

        LocalRun.Outcome outcome;
        try (var machines = RealMachines.in(directory)) {
            outcome =
                    new LocalRun(
                                    Files.createDirectory(directory.resolve("work")),
                                    _ -> new LocalRun.Machine(machines.host(), images),
                                    LocalSettings.NONE,
                                    InstantSource.system())
                            .run(source, heard);
        }

        assertThat(outcome)
                .as(heard.toString())
                .isEqualTo(new LocalRun.Outcome(Verdict.PASSED, ""));
        assertThat(heard.log)
                .contains(
                        "plan[0].shell, line 1, column 6: note: Double quote to prevent globbing"
                                + " and word splitting. [SC2086]",
                        "/root is home");
    }
}
