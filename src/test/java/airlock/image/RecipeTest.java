package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecipeTest {
    private static final String HEAD = "name mine\nsuite trixie\ndisk 4G\n";

    @Test
    void aRecipeHasAWordAndItsValueALine() {
        var recipe =
                Recipe.parse("# mine\n\n" + HEAD + "package git\n  package  g++\nmodule ext4\n");

        assertThat(recipe.name()).isEqualTo("mine");
        assertThat(recipe.suite()).isEqualTo("trixie");
        assertThat(recipe.disk()).isEqualTo("4G");
        assertThat(recipe.packages()).isEqualTo(List.of("git", "g++"));
        assertThat(recipe.modules()).isEqualTo(List.of("ext4"));
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
                "package gìt"
            })
    void aLineThatSaysMoreOrLessIsRefusedAndShown(String line) {
        assertThatThrownBy(() -> Recipe.parse(HEAD + line + "\n"))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(line);
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
