package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.config.ImageConfig;
import airlock.image.Recipe;
import airlock.yaml.ReadingFixture;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/// The configuration knows the recipes that there are.
class RecipeNamesTest {
    @TempDir Path directory;

    @ParameterizedTest
    @FieldSource("airlock.image.Recipe#BUILT_IN")
    void eachOfAirlocksRecipesCanBeConfigured(String name) throws Exception {
        var file =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: https://ci.example.org
                        images: {debian-13: {recipe: debian-13}, x: {recipe: %s}}
                        forges: {}
                        repositories: []
                        """
                                .formatted(name));
        var reading = new ConfigReader(Map.of()).read(file);

        AirlockConfig config = ReadingFixture.value(reading);
        assertThat(config.images().get("x")).isEqualTo(new ImageConfig.BuiltIn("x", name));
        assertThat(Recipe.builtIn(name).name()).isEqualTo(name);
    }
}
