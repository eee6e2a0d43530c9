package airlock.plan;

import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.vm.GuestStep;
import airlock.vm.GuestStep.Execute;
import airlock.vm.Step;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The guest's steps for the actions that Ambient has in `plan` (reference/ambient.md, section
/// 3.2).
class PlanPhaseActionsTest {
    private static final List<List<String>> VERSIONS =
            List.of(
                    List.of("cargo", "--version"),
                    List.of("cargo", "clippy", "--version"),
                    List.of("rustc", "--version"));

    private static List<GuestStep> steps(String action) {
        String text = "pre_plan: [{action: dummy}]\nplan: [" + action + "]";
        var plan = PlanFixture.plan(PlanFile.AMBIENT, text);
        return PhaseSteps.of(plan, Phase.PLAN).actions().stream().map(Step::what).toList();
    }

    private static List<List<String>> programs(String action) {
        return steps(action).stream().map(step -> ((Execute) step).argv()).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "cargo_fmt, cargo fmt --check",
        "cargo_deny, cargo deny --offline --locked --workspace check",
        "cargo_build, cargo build --offline --locked --workspace --all-targets",
        "cargo_test, cargo test --offline --locked --workspace",
        "cargo_install, cargo install --offline --locked --bins --path=. --root /ci/artifacts",
    })
    void cargoIsAskedForItsVersionsFirst(String name, String line) {
        var programs = programs("{action: " + name + "}");

        assertThat(programs).hasSize(4);
        assertThat(programs.subList(0, 3)).isEqualTo(VERSIONS);
        assertThat(String.join(" ", programs.getLast())).isEqualTo(line);
    }

    @Test
    void aWarningOfCargoDocIsAnError() {
        assertThat(programs("{action: cargo_doc}").getLast())
                .containsExactly("env", "RUSTDOCFLAGS=-D warnings", "cargo", "doc", "--workspace");
    }

    @Test
    void clippyLooksAtDependenciesUnlessToldNotTo() {
        assertThat(programs("{action: cargo_clippy}").getLast()).endsWith("cargo_clippy");
        assertThat(programs("{action: cargo_clippy, deps: false}").getLast())
                .endsWith("cargo_clippy", "--no-deps");
    }

    @Test
    void gitGetsAmbientsIdentity() {
        assertThat(programs("{action: git_config}"))
                .containsExactly(
                        List.of("git", "config", "--global", "user.name", "Ambient CI"),
                        List.of("git", "config", "--global", "user.email", "ambient@example.com"));
    }

    @Test
    void filesLinksAndArchivesAreFromTheCommitsDirectory() {
        assertThat(steps("{action: create_file, filename: a, content: b, overwrite: false}"))
                .containsExactly(new GuestStep.WriteFile("/ci/src/a", 0644, "b", false));
        assertThat(steps("{action: create_file, filename: /a, content: b, overwrite: true}"))
                .containsExactly(new GuestStep.WriteFile("/a", 0644, "b", true));
        assertThat(steps("{action: symlink, target: a, link_name: b}"))
                .containsExactly(new GuestStep.Link("a", "/ci/src/b"));
        assertThat(programs("{action: tar_create, archive: a, directory: b}"))
                .containsExactly(
                        List.of(
                                "tar",
                                "--force-local",
                                "-cf",
                                "/ci/src/a",
                                "-C",
                                "/ci/src/b",
                                "."));
        var extract = steps("{action: tar_extract, archive: /a, directory: b}");
        assertThat(extract.getFirst())
                .isEqualTo(new GuestStep.MakeDirectory("/ci/src/b", 0755, false));
        assertThat(((Execute) extract.getLast()).argv())
                .containsExactly(
                        "tar", "--force-local", "-xf", "/a", "-C", "/ci/src/b", "--no-same-owner");
    }

    @Test
    void aCustomProgramGetsItsArgumentsAsJsonOnStdinAndInItsEnvironment() {
        var execute =
                (Execute)
                        steps(
                                        "{action: custom, name: x.sh, args: {k: v, list: [1, 0x10,"
                                                + " 1.5, true, ~], m: {a: '1'}}}")
                                .getFirst();

        assertThat(execute.argv()).containsExactly("/ci/src/.ambient/x.sh");
        assertThat(execute.stdin())
                .isEqualTo("{\"k\":\"v\",\"list\":[1,16,1.5,true,null],\"m\":{\"a\":\"1\"}}");
        assertThat(execute.environment())
                .containsEntry("AMBIENT_CI_k", "\"v\"")
                .containsEntry("AMBIENT_CI_K", "\"v\"")
                .containsEntry("AMBIENT_CI_LIST", "[1,16,1.5,true,null]")
                .containsEntry("AMBIENT_CI_m", "{\"a\":\"1\"}");
    }

    @Test
    void withoutArgumentsACustomProgramGetsAnEmptyObject() {
        var execute = (Execute) steps("{action: custom, name: x}").getFirst();

        assertThat(execute.stdin()).isEqualTo("{}");
        assertThat(execute.environment().keySet())
                .noneMatch(variable -> variable.startsWith("AMBIENT_CI_"));
    }

    @Test
    void aCustomProgramIsNoPathAndAnArgumentNoNumberThatJsonLacks() {
        assertThat(
                        PlanFixture.problems(
                                PlanFile.AMBIENT,
                                "plan: [{action: custom, name: ../x}, {action: custom, name: x,"
                                        + " args: {n: .inf}}]"))
                .hasSize(2)
                .allMatch(problem -> problem.contains("plan["));
    }

    @Test
    void aNumberOfAMillionDigitsIsNotRead() {
        for (String number : List.of("9".repeat(900_000), "0." + "9".repeat(900_000))) {
            assertThat(
                            only(
                                    PlanFixture.problems(
                                            PlanFile.AMBIENT,
                                            "plan: [{action: custom, name: x, args: {n: ["
                                                    + number
                                                    + "]}}]")))
                    .contains("plan[0].args.n: a number that is too long");
        }
    }

    @Test
    void whatPrePlanDeclaresIsInTheEnvironmentOfPlanAlone() {
        var plan =
                PlanFixture.plan(
                        PlanFile.AIRLOCK,
                        """
                        pre_plan: [{action: dummy}, {action: pwd}]
                        plan: [{action: pwd}, {action: setenv, set: {DUMMY: "2"}}, {action: pwd}]
                        post_plan: [{action: dummy}]
                        """);

        assertThat(environments(plan, Phase.PRE_PLAN)).noneMatch(e -> e.containsKey("DUMMY"));
        assertThat(environments(plan, Phase.PLAN))
                .extracting(e -> e.get("DUMMY"))
                .containsExactly("1", "2");
        assertThat(environments(plan, Phase.POST_PLAN)).noneMatch(e -> e.containsKey("DUMMY"));
    }

    private static List<Map<String, String>> environments(Plan plan, Phase phase) {
        return PhaseSteps.of(plan, phase).actions().stream()
                .map(step -> ((Execute) step.what()).environment())
                .toList();
    }

    @Test
    void aPackageIsBuiltByAScriptOfAirlocksWhereTheCommitIs() {
        for (String name : List.of("deb", "deb2")) {
            var execute = (Execute) steps("{action: " + name + "}").getFirst();

            assertThat(execute.directory()).isEqualTo("/ci/src");
            assertThat(execute.argv().getLast())
                    .isEqualTo(name.equals("deb") ? "/ci/artifacts" : "/ci/artifacts/debian");
            assertThat(execute.argv().get(2)).contains("dpkg-buildpackage -us -uc");
        }
    }
}
