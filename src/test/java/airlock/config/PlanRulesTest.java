package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The operator's rules for plans.
class PlanRulesTest {
    private final ConfigFixture fixture;

    PlanRulesTest(@TempDir Path directory) {
        fixture = new ConfigFixture(directory);
    }

    private PlanRules rules(String text) {
        return fixture.config(text).repositories().getFirst().planRules();
    }

    @Test
    void nothingIsToBeChosenUnlessItIsSaid() {
        assertThat(rules(SMALL)).isEqualTo(PlanRules.STANDARD);
        assertThat(rules(SMALL + "  images: []\n")).isEqualTo(PlanRules.STANDARD);
    }

    @Test
    void theCommitsCodeInTrustedPhasesIsForbiddenForAllRepositoriesOrNone() {
        assertThat(rules("trusted_code: false\n" + SMALL).trustedCode()).isFalse();
        assertThat(rules("trusted_code: true\n" + SMALL)).isEqualTo(PlanRules.STANDARD);
        assertThat(only(fixture.problems("trusted_code: no\n" + SMALL)))
                .contains("trusted_code", "true or false");
        assertThat(fixture.problems(SMALL + "  trusted_code: false\n")).hasSize(1);
    }

    @Test
    void imagesAreThoseOfTheConfiguration() {
        String images = "images: {debian-13: {recipe: debian-13}, rust: {recipe: debian-13}}\n";
        assertThat(rules(images + SMALL + "  images: [rust, debian-13]\n").images())
                .containsExactlyInAnyOrder("rust", "debian-13");
        assertThat(only(fixture.problems(images + SMALL + "  images: [rusty]\n")))
                .contains("images[0]: 'rusty' is not in images", "did you mean 'rust'?");
    }
}
