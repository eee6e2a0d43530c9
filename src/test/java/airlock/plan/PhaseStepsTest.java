package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.event.Phase;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PhaseStepsTest {
    private static PhaseSteps steps(Phase phase, Action... actions) {
        return PhaseSteps.of(PlanFixture.plan(phase, actions), phase);
    }

    private static List<String> unpacked(Phase phase) {
        return steps(phase, PlanFixture.action("pwd")).all().stream()
                .map(Step::what)
                .filter(GuestStep.Unpack.class::isInstance)
                .map(GuestStep.Unpack.class::cast)
                .map(unpack -> unpack.device() + " " + unpack.directory())
                .toList();
    }

    private static List<String> packed(Phase phase) {
        return steps(phase, PlanFixture.action("pwd")).after().stream()
                .map(Step::what)
                .map(GuestStep.Pack.class::cast)
                .map(pack -> pack.directory() + " " + pack.device())
                .toList();
    }

    @Test
    void aPhaseWithoutActionsHasNoSteps() {
        assertThat(steps(Phase.PLAN).isEmpty()).isTrue();
        assertThat(steps(Phase.PLAN).all()).isEmpty();
        assertThat(PhaseSteps.of(PlanFixture.plan(PlanFile.AMBIENT, ""), Phase.PLAN))
                .isEqualTo(steps(Phase.PLAN));
    }

    @Test
    void aVariableIsReadBeforeBashShowsCommandsAndNeitherStepNorEnvironmentHasIt() {
        var step =
                steps(Phase.POST_PLAN, PlanFixture.shell("upload\n", "PASSWORD"))
                        .actions()
                        .getFirst();
        var execute = (GuestStep.Execute) step.what();
        assertThat(execute.argv().getLast())
                .isEqualTo(
                        """
                        [ -r /ci/secrets/PASSWORD ] || { echo "this phase of this run has no secret PASSWORD" >&2; exit 1; }
                        export PASSWORD; PASSWORD=$(< /ci/secrets/PASSWORD) || exit 1
                        BASH_XTRACEFD=99; set -xeuo pipefail
                        upload
                        """);
        assertThat(execute.environment()).doesNotContainKey("PASSWORD");
        assertThat(step.title()).isEqualTo("upload");
    }

    private static PhaseSteps connected(GuestNetwork to) {
        var action = PlanFixture.shell("curl https://a.example/");
        return PhaseSteps.of(
                PlanFixture.plan(Phase.PRE_PLAN, action),
                Phase.PRE_PLAN,
                Optional.of(to),
                Destinations.NONE,
                Map.of());
    }

    private static Map<String, String> environment(PhaseSteps steps) {
        return ((GuestStep.Execute) steps.actions().getFirst().what()).environment();
    }

    @Test
    void theWayOutIsOpenedBeforeTheFirstAction() {
        var to =
                new GuestNetwork(
                        List.of("a.example:443"), List.of(), false, List.of(), List.of(), false);

        assertThat(connected(to).before().getLast().what())
                .isEqualTo(
                        new GuestStep.Connect(List.of("a.example:443"), List.of(), false, false));
        assertThat(environment(connected(to))).doesNotContainKey("https_proxy");
    }

    @Test
    void programsAreToldOfTheProxyWhereThereIsOne() {
        for (var to :
                List.of(
                        new GuestNetwork(
                                List.of(),
                                List.of("a.example"),
                                false,
                                List.of(),
                                List.of(),
                                false),
                        new GuestNetwork(
                                List.of(), List.of(), true, List.of(), List.of(), false))) {
            assertThat(connected(to).before().stream().map(Step::what))
                    .contains(new GuestStep.Connect(List.of(), List.of(), true, false));
            assertThat(environment(connected(to)))
                    .containsEntry("https_proxy", "http://127.0.0.1:3128")
                    .containsEntry("no_proxy", "localhost,127.0.0.1");
        }
    }

    @Test
    void drivesAreUnpackedWhereAmbientHasThem() {
        assertThat(unpacked(Phase.PLAN))
                .isEqualTo(unpacked(Phase.POST_PLAN))
                .containsExactly(
                        "/dev/vdc /ci/src",
                        "/dev/vdd /ci/artifacts",
                        "/dev/vde /ci/cache",
                        "/dev/vdf /ci/deps",
                        "/dev/vdg /ci/secrets");
    }

    @Test
    void prePlanHasNoArtifacts() {
        assertThat(unpacked(Phase.PRE_PLAN))
                .containsExactly(
                        "/dev/vdc /ci/src",
                        "/dev/vde /ci/cache",
                        "/dev/vdf /ci/deps",
                        "/dev/vdg /ci/secrets");
    }

    @Test
    void onlyWhatAPhaseMayWriteIsPacked() {
        assertThat(packed(Phase.PRE_PLAN))
                .containsExactly("/ci/cache /dev/vde", "/ci/deps /dev/vdf");
        assertThat(packed(Phase.PLAN))
                .containsExactly("/ci/artifacts /dev/vdd", "/ci/cache /dev/vde");
        assertThat(packed(Phase.POST_PLAN)).isEmpty();
    }

    @Test
    void linksOutOfTheArtifactsAreRefusedOnlyWhereSecretsAre() {
        for (Phase phase : Phase.values()) {
            for (Step step : steps(phase, PlanFixture.action("pwd")).before()) {
                if (step.what() instanceof GuestStep.Unpack unpack) {
                    assertThat(unpack.linksStayInside())
                            .isEqualTo(
                                    phase == Phase.POST_PLAN
                                            && unpack.directory().equals("/ci/artifacts"));
                }
            }
        }
    }

    @Test
    void nothingRunsAfterAFailedStep() {
        for (Phase phase : Phase.values()) {
            assertThat(steps(phase, PlanFixture.action("pwd")).all())
                    .extracting(Step::when)
                    .containsOnly(Step.When.SET_UP, Step.When.PASSED);
        }
    }

    @Test
    void theGuestIsSetUpAsAmbientDoes() {
        List<GuestStep> before =
                steps(Phase.PLAN, PlanFixture.action("pwd")).before().stream()
                        .map(Step::what)
                        .toList();
        assertThat(before)
                .startsWith(new GuestStep.MakeDirectory("/ci", 0755, true))
                .contains(
                        new GuestStep.MakeDirectory("/ci/secrets", 0700, true),
                        new GuestStep.MakeDirectory("/ci/artifacts/debian", 0755, true),
                        new GuestStep.MakeDirectory("/ci/artifacts/rsync", 0755, true),
                        new GuestStep.Link("/ci", "/workspace"),
                        new GuestStep.MakeDirectory("/root/.ssh", 0700, true),
                        new GuestStep.WriteFile(
                                "/root/.ssh/config",
                                0600,
                                """
                                Include /ci/secrets/ssh_config
                                Host *
                                    StrictHostKeyChecking accept-new
                                    IdentityFile /ci/secrets/ssh_key
                                """,
                                true));
    }

    @Test
    void shellRunsBashWithTheLineThatAmbientPutsFirst() {
        assertThat(steps(Phase.PLAN, PlanFixture.shell("make\nmake check\n")).actions())
                .containsExactly(
                        new Step(
                                "make",
                                new GuestStep.Execute(
                                        List.of(
                                                "bash",
                                                "-c",
                                                """
                                                BASH_XTRACEFD=99; set -xeuo pipefail
                                                make
                                                make check
                                                """),
                                        Map.of(
                                                "HOME", "/root",
                                                "PATH",
                                                        "/root/.cargo/bin:/usr/local/sbin"
                                                                + ":/usr/local/bin:/usr/sbin:/usr/bin"
                                                                + ":/sbin:/bin",
                                                "CARGO_TARGET_DIR", "/ci/cache/cargo-target",
                                                "CARGO_HOME", "/ci/deps/cargo"),
                                        "/ci/src",
                                        ""),
                                false));
    }

    @Test
    void setenvHoldsForTheLaterActionsOfItsPhase() {
        List<Step> actions =
                steps(
                                Phase.PLAN,
                                PlanFixture.action("pwd"),
                                new SetenvAction(Map.of("A", "1", "HOME", "/x")),
                                PlanFixture.action("pwd"),
                                new SetenvAction(Map.of("A", "2")),
                                PlanFixture.shell("true"))
                        .actions();
        assertThat(actions).hasSize(3);
        assertThat(environment(actions.get(0))).doesNotContainKey("A");
        assertThat(environment(actions.get(1))).containsEntry("A", "1").containsEntry("HOME", "/x");
        assertThat(environment(actions.get(2))).containsEntry("A", "2").containsEntry("HOME", "/x");
    }

    private static Map<String, String> environment(Step step) {
        return ((GuestStep.Execute) step.what()).environment();
    }

    @Test
    void mkdirStartsFromTheSourceAndMakesParents() {
        assertThat(
                        steps(
                                        Phase.PLAN,
                                        PlanFixture.action("mkdir, pathname: a/b"),
                                        PlanFixture.action("mkdir, pathname: /srv/x"))
                                .actions()
                                .stream()
                                .map(Step::what))
                .containsExactly(
                        new GuestStep.MakeDirectory("/ci/src/a/b", 0755, true),
                        new GuestStep.MakeDirectory("/srv/x", 0755, true));
    }

    @Test
    void titlesAreOneShortLineThatCannotHurt() {
        assertThat(title("\n  # Test it\nmake\n")).isEqualTo("# Test it");
        assertThat(title("")).isEqualTo("shell");
        assertThat(title("echo \u001b[31m\u202e")).isEqualTo("echo �[31m�");
        assertThat(title("x".repeat(500))).hasSize(80).endsWith("…");
    }

    private static String title(String shell) {
        return steps(Phase.PLAN, PlanFixture.shell(shell)).actions().getFirst().title();
    }

    private static Plan settingMine() {
        return PlanFixture.plan(
                Phase.PLAN, new SetenvAction(Map.of("MINE", "plan")), PlanFixture.action("pwd"));
    }

    @Test
    void whatAnImageSaysOfTheEnvironmentCountsBelowAirlocksOwnAndThePlans() {
        var plan = settingMine();
        var image =
                Map.of(
                        "PATH", "/opt/bin::bin:/usr/bin:/usr/local/go/bin",
                        "HOME", "/home/builder",
                        "CARGO_HOME", "/usr/local/cargo",
                        "RUSTUP_HOME", "/usr/local/rustup",
                        "HTTPS_proxy", "http://elsewhere",
                        "MINE", "image");

        var environment =
                environment(
                        PhaseSteps.of(
                                plan, Phase.PLAN, Optional.empty(), Destinations.NONE, image));

        assertThat(environment)
                .isEqualTo(
                        Map.of(
                                "PATH",
                                "/root/.cargo/bin:/opt/bin:/usr/bin:/usr/local/go/bin"
                                        + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/sbin:/bin",
                                "HOME",
                                "/root",
                                "CARGO_HOME",
                                "/ci/deps/cargo",
                                "CARGO_TARGET_DIR",
                                "/ci/cache/cargo-target",
                                "RUSTUP_HOME",
                                "/usr/local/rustup",
                                "MINE",
                                "plan"));
        var person = PhaseSteps.forPerson(Phase.PLAN, Optional.of(plan), image).all().getLast();
        assertThat(((GuestStep.Terminal) person.what()).environment()).isEqualTo(environment);
    }

    /// Scripts of Airlock's own hold what the commit may not have.
    @Test
    void airlocksScriptsGetNothingOfTheImage() {
        var context = StepContext.FIRST.on(Map.of("BASH_ENV", "/evil", "PATH", "/evil"));

        assertThat(context.apart()).isEqualTo(Script.ENVIRONMENT);
        assertThat(context.environment()).containsEntry("BASH_ENV", "/evil");
    }
}
