package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Subject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PlanPathTest {
    private static List<String> names(String... paths) {
        return PlanPath.among(List.of(paths)).stream()
                .map(plan -> plan.mistake().isEmpty() ? plan.name() : "!" + plan.name())
                .toList();
    }

    @Test
    void airlocksFilesComeTogetherAndMainIsTheFirst() {
        assertThat(
                        names(
                                ".airlock/lint.yaml",
                                ".airlock.yaml",
                                ".airlock/build-2.0_x.yaml",
                                ".radicle/ambient.yaml"))
                .containsExactly("main", "build-2.0_x", "lint");
        assertThat(names(".airlock/lint.yaml", ".radicle/ambient.yaml")).containsExactly("lint");
    }

    @Test
    void ambientsFileIsTakenWhereThereIsNoneOfOurs() {
        assertThat(PlanPath.among(List.of(".radicle/ambient.yaml")))
                .containsExactly(
                        new PlanPath(".radicle/ambient.yaml", "main", PlanFile.AMBIENT, ""));
    }

    @Test
    void whatIsNoYamlFileOfTheFolderIsNoPlan() {
        assertThat(
                        names(
                                "airlock.yaml",
                                ".airlock",
                                ".airlock/README.md",
                                ".airlock/lint.yml",
                                ".airlock/deep/er.yaml",
                                "sub/.airlock/x.yaml"))
                .isEmpty();
    }

    /// It is shown to its author, and nothing else's context is taken for that.
    @Test
    void aNameThatCanBeNoneIsAMistakeOfThatFileAlone() {
        assertThat(
                        names(
                                ".airlock.yaml",
                                ".airlock/main.yaml",
                                ".airlock/pr.yaml",
                                ".airlock/a b.yaml",
                                ".airlock/a_b.yaml",
                                ".airlock/-x.yaml",
                                ".airlock/.yaml",
                                ".airlock/größe.yaml"))
                .containsExactly(
                        "main",
                        "!-x.yaml",
                        "!.yaml",
                        "a_b",
                        "!a_b.yaml",
                        "!gr__e.yaml",
                        "!main.yaml",
                        "!pr.yaml");
        assertThat(names(".airlock/" + "x".repeat(64) + ".yaml")).containsExactly("x".repeat(64));
        assertThat(names(".airlock/" + "x".repeat(65) + ".yaml").getFirst()).startsWith("!x");
    }

    @Test
    void ofNamesThatDifferInCaseAloneTheFirstIsOne() {
        var plans = PlanPath.among(List.of(".airlock/lint.yaml", ".airlock/Lint.yaml"));

        assertThat(plans).extracting(PlanPath::name).containsExactly("Lint", "lint.yaml");
        assertThat(plans.getLast().mistake()).contains("only in case from .airlock/Lint.yaml");
        assertThat(names(".airlock.yaml", ".airlock/MAIN.yaml"))
                .containsExactly("main", "!MAIN.yaml");
    }

    @Test
    void aFileThatCantStandThereIsReadAsAMistake() {
        var path = PlanPath.among(List.of(".airlock/main.yaml")).getFirst();

        var reading = new PlanReader().read(path, "plan: []".getBytes(StandardCharsets.UTF_8));

        assertThat(((PlanReading.Invalid) reading).summary())
                .isEqualTo(".airlock/main.yaml:1:1: the plan main must be in .airlock.yaml");
    }

    @Test
    void aPlanKnowsItsNameAndPlace() {
        var path = PlanPath.among(List.of(".airlock/lint.yaml")).getFirst();

        var reading =
                (PlanReading.Read)
                        new PlanReader().read(path, "plan: []".getBytes(StandardCharsets.UTF_8));

        assertThat(reading.plan().name()).isEqualTo("lint");
        assertThat(reading.plan().path()).isEqualTo(".airlock/lint.yaml");
    }

    @Test
    void whateverFilesAreCalledTheirContextsAreApartAndOfSafeCharacters() {
        var random = new Random(40);
        String letters = "aA./-_ b\u00e4\u202e\n(,=p";
        for (int i = 0; i < 3_000; i++) {
            var paths = new ArrayList<String>();
            for (int n = 0; n < 6; n++) {
                var name = new StringBuilder();
                for (int c = random.nextInt(1, 4); c > 0; c--) {
                    name.append(letters.charAt(random.nextInt(letters.length())));
                }
                paths.add(".airlock/" + name + ".yaml");
            }
            Set<String> contexts = new HashSet<>();
            for (PlanPath plan : PlanPath.among(paths)) {
                assertThat(plan.name()).matches("[A-Za-z0-9._-]{1,69}");
                assertThat(paths).contains(plan.path());
                String context = new Subject.Change(1, "main").context(plan.name(), "");
                assertThat(contexts.add(context.toLowerCase(Locale.ROOT))).isTrue();
                assertThat(context).isNotEqualTo("airlock/pr/pr/main");
            }
        }
    }
}
