package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.vm.BootFiles.Emulation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
    private static final String HEAD = "name mine\nsuite trixie\ndisk 4G\n";

    @Test
    void aRecipeHasAWordAndItsValueALine() {
        var recipe =
                Recipe.parse(
                        "# mine\n\n"
                                + HEAD
                                + "package git\n  package  g++\nmodule ext4\n"
                                + "mirror http://mirror.example/debian\n"
                                + "run echo 'a  b' > /etc/motd\nrun true\n");

        assertThat(recipe.name()).isEqualTo("mine");
        assertThat(recipe.suite()).isEqualTo("trixie");
        assertThat(recipe.disk()).isEqualTo("4G");
        assertThat(recipe.packages()).isEqualTo(List.of("git", "g++"));
        assertThat(recipe.modules()).isEqualTo(List.of("ext4"));
        assertThat(recipe.mirrors()).isEqualTo(List.of("http://mirror.example/debian"));
        assertThat(recipe.commands()).isEqualTo(List.of("echo 'a  b' > /etc/motd", "true"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "package",
                "package git curl",
                "package git;reboot",
                "package ../etc",
                "package git,curl",
                "suite --version",
                "module -f",
                "Package git",
                "packages git",
                "package\tgit",
                "run",
                "run echo \u0007",
                "mirror file:///etc",
                "mirror http://",
                "mirror http://a b",
                "mirror --version",
                "name building-mine",
                "name removing-mine",
                "name ../mine",
                "package gìt",
                "emulation",
                "emulation fast",
                "emulation PARALLEL"
            })
    void aLineThatSaysMoreOrLessIsRefusedAndShown(String line) {
        assertThatThrownBy(() -> Recipe.parse(HEAD + line + "\n"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(line);
    }

    @ParameterizedTest
    @EnumSource
    void aRecipeMaySayHowItIsEmulated(Emulation emulation) {
        assertThat(Recipe.parse(HEAD + "emulation " + emulation.word() + "\n").emulation())
                .contains(emulation);
        assertThat(Recipe.parse(HEAD).emulation()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"name", "suite", "disk"})
    void aRecipeWithoutNameSuiteOrDiskIsRefused(String left) {
        var text = String.join("\n", HEAD.lines().filter(line -> !line.startsWith(left)).toList());

        assertThatThrownBy(() -> Recipe.parse(text))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("needs name, suite and disk");
    }

    @Test
    void aCommandStaysOneWordForTheShellThatCallsIt() throws Exception {
        var command = "printf '%s|' \"$0\" 'a b' \\' \\\"x \"$(echo sub)\"";
        var option = ImageBuilder.hook(command);
        assertThat(option).startsWith("--customize-hook=env -i PATH=");
        // chroot takes root; its shell does not
        var script = option.substring("--customize-hook=".length()).replace("chroot \"$1\" ", "");

        var process = new ProcessBuilder("sh", "-c", script, "sh", "/nowhere").start();

        assertThat(process.inputReader().readAllAsString()).isEqualTo("/bin/sh|a b|'|\"x|sub|");
    }

    @Test
    void aFileHoldsARecipe(@TempDir Path directory) throws Exception {
        var file = Files.writeString(directory.resolve("my.recipe"), HEAD);
        assertThat(Recipe.in(file)).isEqualTo(Recipe.parse(HEAD));

        Files.writeString(file, HEAD + "packages git\n");
        assertThatThrownBy(() -> Recipe.in(file))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("my.recipe: not a line of a recipe: 'packages git'");
        Files.write(file, new byte[] {'n', (byte) 0xff});
        assertThatThrownBy(() -> Recipe.in(file)).hasMessageContaining("not UTF-8");
        Files.writeString(file, "#".repeat((1 << 20) + 1));
        assertThatThrownBy(() -> Recipe.in(file)).hasMessageContaining("longer than");
        assertThatThrownBy(() -> Recipe.in(directory.resolve("none.recipe")))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("none.recipe");
    }

    @ParameterizedTest
    @FieldSource("airlock.image.Recipe#BUILT_IN")
    void eachOfAirlocksOwnHasItsNameAndWhatAVmNeeds(String name) {
        var recipe = Recipe.builtIn(name);

        assertThat(recipe.name()).isEqualTo(name);
        assertThat(recipe.suite()).isEqualTo("trixie");
        assertThat(recipe.packages())
                .contains("linux-image-cloud-amd64", "bash", "ca-certificates")
                .doesNotHaveDuplicates();
        assertThat(recipe.modules()).containsAll(Recipe.builtIn("debian-13").modules());
    }

    @Test
    void airlockBringsDebian13() {
        var recipe = Recipe.builtIn("debian-13");

        assertThat(recipe.name()).isEqualTo("debian-13");
        assertThat(recipe.packages()).contains("linux-image-cloud-amd64");
        assertThat(recipe.modules()).contains("virtio_blk");
    }

    @ParameterizedTest
    @ValueSource(strings = {"debian-99", "", "../debian-13", "debian-13.recipe", "/etc/passwd"})
    void anotherNameIsNoRecipe(String name) {
        assertThatThrownBy(() -> Recipe.builtIn(name))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("'" + name + "'");
    }
}
