package airlock.plan;

import static airlock.plan.PlanFixture.plan;
import static airlock.plan.PlanFixture.problems;
import static airlock.yaml.ReadingFixture.only;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.config.DestinationsFixture;
import airlock.config.PlanRules;
import airlock.event.GitDepth;
import airlock.event.Phase;
import airlock.vm.GuestStep.Execute;
import airlock.yaml.Binder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What Airlock's own file says of all phases.
class PlanSettingsTest {
    private static Map<String, String> environment(Plan plan, Phase phase) {
        var steps = PhaseSteps.of(plan, phase, Optional.empty(), DestinationsFixture.ALL, Map.of());
        return ((Execute) steps.actions().getLast().what()).environment();
    }

    private static List<String> wrong(String text) {
        return problems(PlanFile.AIRLOCK, text + "\n");
    }

    @Test
    void allOfItIsRead() {
        var settings =
                plan(
                                PlanFile.AIRLOCK,
                                "{env: {A: b}, timeout: 10m, cpus: 1, memory: 512 MiB, image: mine,"
                                        + " git: full}")
                        .settings();

        assertThat(settings)
                .isEqualTo(
                        Binder.changed(
                                PlanSettings.none(),
                                Map.of(
                                        "env", Map.of("A", "b"),
                                        "timeout", Optional.of(Duration.ofMinutes(10)),
                                        "cpus", Optional.of(1),
                                        "memory", Optional.of(512L << 20),
                                        "image", Optional.of("mine"),
                                        "git", Optional.of(GitDepth.FULL))));
        assertThat(plan(PlanFile.AIRLOCK, "").settings()).isEqualTo(PlanSettings.none());
        assertThat(plan(PlanFile.AIRLOCK, "").git()).isEqualTo(GitDepth.NONE);
        assertThat(plan(PlanFile.AMBIENT, "").git()).isEqualTo(GitDepth.FULL);
    }

    @Test
    void variablesAreThoseOfEveryPhaseAndOthersComeAfterThem() {
        String text =
                """
                env: {A: everywhere, DUMMY: of env, HOME: /h}
                pre_plan: [{action: dummy}]
                plan: [{action: pwd}]
                post_plan: [{action: pwd}]
                """;
        for (Phase phase : List.of(Phase.PLAN, Phase.POST_PLAN)) {
            var own = environment(plan(PlanFile.AIRLOCK, text), phase);
            assertThat(own)
                    .containsEntry("A", "everywhere")
                    .containsEntry("HOME", "/h")
                    .containsEntry("DUMMY", phase == Phase.PLAN ? "1" : "of env")
                    .containsEntry("CARGO_HOME", "/ci/deps/cargo");
        }
        var set = "{env: {A: b}, plan: [{action: setenv, set: {A: c}}, {action: pwd}]}";
        assertThat(environment(plan(PlanFile.AIRLOCK, set), Phase.PLAN)).containsEntry("A", "c");
    }

    @Test
    void noVariableReachesWhatFetchesAndPublishes() {
        var plan =
                plan(
                        PlanFile.AIRLOCK,
                        "{env: {LD_PRELOAD: /ci/src/x.so, PATH: /ci/src}, post_plan: [{action:"
                                + " rsync, name: publish}]}");

        assertThat(environment(plan, Phase.POST_PLAN)).isEqualTo(Script.ENVIRONMENT);
        assertThat(plan.runsCommit(Phase.POST_PLAN)).isFalse();
    }

    /// As `setenv` can: a variable can name a file of the commit's.
    @Test
    void aVariableMakesProgramsOfTheImageRunTheCommit() {
        String text = "{%s pre_plan: [{action: pwd, if: always}]}";

        assertThat(plan(PlanFile.AIRLOCK, text.formatted("")).runsCommit(Phase.PRE_PLAN)).isFalse();
        assertThat(
                        plan(PlanFile.AIRLOCK, text.formatted("env: {LD_PRELOAD: /ci/src/x.so},"))
                                .runsCommit(Phase.PRE_PLAN))
                .isTrue();
    }

    @Test
    void ofTheCommitsOfAnOutsideRunNothingOfItCounts() {
        var target = plan(PlanFile.AIRLOCK, "{env: {A: target}, image: theirs, timeout: 5m}");
        var commits =
                plan(
                        PlanFile.AIRLOCK,
                        "{env: {A: commit}, image: mine, timeout: 7d, cpus: 64, memory: 1 TiB,"
                                + " plan: [{action: pwd}]}");

        var run = target.withStepsOf(commits);

        assertThat(run.settings())
                .isEqualTo(
                        Binder.changed(
                                target.settings(), Map.of("plan", commits.actionsOf(Phase.PLAN))));
        assertThat(environment(run, Phase.PLAN)).containsEntry("A", "target");
    }

    @Test
    void anImageIsOneOfThoseThatTheRepositoryMayHave() {
        var reader =
                new PlanReader(
                        PlanPolicy.of(
                                Destinations.NONE,
                                "debian-13",
                                new PlanRules(Set.of("rust", "node"), true)));
        for (String image : List.of("debian-13", "rust", "node")) {
            assertThat(reader.read(PlanFile.AIRLOCK, ("image: " + image).getBytes(UTF_8)))
                    .isInstanceOf(PlanReading.Read.class);
        }
        var refused =
                (PlanReading.Invalid)
                        reader.read(PlanFile.AIRLOCK, "plan: []\nimage: rusty\n".getBytes(UTF_8));
        assertThat(refused.summary())
                .isEqualTo(
                        ".airlock.yaml:2:8: image: this repository has no image 'rusty'; expected"
                                + " one of debian-13, node, rust (did you mean 'rust'?)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env: [A]",
                "env: {A: 1}",
                "env: {'': x}",
                "env: {'A=B': x}",
                "env: {A: \"a\\0b\"}",
                "env: {A: {B: c}}",
                "env: A",
                "timeout: 0s",
                "timeout: 8d",
                "timeout: 5",
                "timeout: {plan: 5m}",
                "cpus: 0",
                "cpus: -1",
                "cpus: 65",
                "cpus: 1.5",
                "cpus: 99999999999999999999999999",
                "cpus: two",
                "memory: 255 MiB",
                "memory: 5 TiB",
                "memory: 99999999999999999999999 TiB",
                "memory: -1",
                "memory: [1 GiB]",
                "image: ''",
                "image: 3",
                "image: [a, b]",
                "image: {name: a}",
                "enviroment: {}",
                "cpu: 2",
                "images: a"
            })
    void whateverElseIsAMistakeAndOneAlone(String text) {
        assertThat(wrong(text)).as(text).hasSize(1);
    }

    @Test
    void slipsAndNamesThatAreTooLongAreTold() {
        assertThat(wrong("timout: 5m").getFirst()).contains("did you mean 'timeout'?");
        assertThat(wrong("image: " + "x".repeat(64)).getFirst()).contains("64 characters");
    }

    @Test
    void variablesHaveABoundTogetherWithThoseOfSetenv() {
        String half = "x".repeat(40_000);
        assertThat(plan(PlanFile.AIRLOCK, "env: {A: " + half + "}").settings().env()).hasSize(1);
        assertThat(only(wrong("env: {A: " + half + ", B: " + half + "}")))
                .contains("env: 80,006 bytes", "at most 65,536");
        assertThat(
                        only(
                                wrong(
                                        "{env: {A: %1$s}, plan: [{action: setenv, set: {B: %1$s}}]}"
                                                .formatted(half))))
                .contains("plan: sets variables of 80,006 bytes");
    }

    @Test
    void ambientsFileHasNoneOfThese() {
        for (String key :
                List.of(
                        "limits",
                        "network",
                        "env",
                        "timeout",
                        "cpus",
                        "memory",
                        "image",
                        "git",
                        "when",
                        "matrix",
                        "reuse",
                        "cache",
                        "artifacts")) {
            assertThat(only(problems(PlanFile.AMBIENT, key + ": x\n"))).contains("unknown key");
        }
    }
}
