package airlock.plan;

import static airlock.plan.PlanFixture.plan;
import static airlock.plan.PlanFixture.problems;
import static airlock.plan.PlanFixture.summary;
import static airlock.plan.PlanFixture.warnings;
import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.GitDepth;
import airlock.event.Phase;
import airlock.vm.Drive;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class PlanReaderTest {

    @Nested
    class WhatIsRead {
        private static final String ALL =
                """
                - action: shell
                  shell: make
                - action: mkdir
                  pathname: a/b
                - action: setenv
                  set: {A: "1", B: b}
                - action: pwd
                """;

        @Test
        void everyActionMayStandInEveryPhaseOfAirlocksFile() {
            List<Action> all =
                    List.of(
                            PlanFixture.shell("make"),
                            PlanFixture.action("mkdir, pathname: a/b"),
                            new SetenvAction(Map.of("A", "1", "B", "b")),
                            PlanFixture.action("pwd"));
            Plan plan =
                    plan(
                            PlanFile.AIRLOCK,
                            "pre_plan:\n" + ALL + "plan:\n" + ALL + "post_plan:\n" + ALL);
            assertThat(plan.name()).isEqualTo("main");
            for (Phase phase : Phase.values()) {
                assertThat(plan.actionsOf(phase)).isEqualTo(all);
            }
        }

        @Test
        void anEmptyFileIsAPlanWithNothingToDo() {
            for (PlanFile file : PlanFile.values()) {
                Plan plan = plan(file, "# nothing\n");
                assertThat(plan.actionsOf(Phase.PLAN)).isEmpty();
            }
        }

        @Test
        void phasesMayBeLeftBlank() {
            Plan plan = plan(PlanFile.AMBIENT, "pre_plan:\nplan: ~\npost_plan: []\n");
            assertThat(plan.settings()).isEqualTo(PlanSettings.none());
        }

        @Test
        void anchorsAndAliasesWork() {
            Plan plan =
                    plan(
                            PlanFile.AMBIENT,
                            "plan:\n- &x {action: shell, shell: make}\n- *x\n- *x\n");
            assertThat(plan.actionsOf(Phase.PLAN))
                    .hasSize(3)
                    .containsOnly(PlanFixture.shell("make"));
        }

        @Test
        void sizesAreBytesInAmbientsFileAndMayHaveUnitsInOurs() {
            Plan ambient = plan(PlanFile.AMBIENT, "artifact_max_size: 1000\ncache_max_size: 5\n");
            assertThat(ambient.sizeOf(Drive.ARTIFACTS)).hasValue(1000L);
            assertThat(ambient.sizeOf(Drive.CACHE)).hasValue(5L);
            assertThat(ambient.sizeOf(Drive.DEPENDENCIES)).isEmpty();
            Plan airlock = plan(PlanFile.AIRLOCK, "dependencies_max_size: 1 GiB\n");
            assertThat(airlock.sizeOf(Drive.DEPENDENCIES)).hasValue(1L << 30);
            assertThat(problems(PlanFile.AMBIENT, "cache_max_size: 1 GiB\n").getFirst())
                    .startsWith(
                            ".radicle/ambient.yaml:1:17: cache_max_size: found a text ('1 GiB');"
                                    + " expected a whole number");
        }

        @Test
        void ambientsFileHasAllItsHistoryAndOursSaysHowMuch() {
            assertThat(plan(PlanFile.AMBIENT, "plan: []\n").git()).isEqualTo(GitDepth.FULL);
            assertThat(plan(PlanFile.AIRLOCK, "plan: []\n").git()).isEqualTo(GitDepth.NONE);
            for (GitDepth depth : GitDepth.values()) {
                assertThat(plan(PlanFile.AIRLOCK, "git: " + depth.word() + "\n").git())
                        .isEqualTo(depth);
            }
            assertThat(summary(PlanFile.AIRLOCK, "git: ful\n"))
                    .isEqualTo(
                            ".airlock.yaml:1:6: git: unknown word 'ful'; expected one of none,"
                                    + " shallow, full (did you mean 'full'?)");
            assertThat(summary(PlanFile.AMBIENT, "git: none\n")).contains(":1:1: ");
        }

        @Test
        void theTargetSaysHowMuchHistoryARunFromOutsideHas() {
            Plan target = plan(PlanFile.AIRLOCK, "git: shallow\n");
            Plan commits = plan(PlanFile.AIRLOCK, "git: full\n");
            assertThat(target.withStepsOf(commits).git()).isEqualTo(GitDepth.SHALLOW);
        }

        @Test
        void ambientIgnoresUnknownKeysInsideAnActionAndWeWarn() {
            assertThat(
                            only(
                                    warnings(
                                            PlanFile.AMBIENT,
                                            "plan:\n- action: shell\n  shell: make\n  retries: 3\n")))
                    .isEqualTo(
                            ".radicle/ambient.yaml:4:3: warning: plan[0].retries: unknown key,"
                                    + " ignored; expected shell");
        }
    }

    @Nested
    class WhatIsWrong {
        @Test
        void everyMistakeIsTold() {
            String actions = String.join(", ", Actions.names(PlanFile.AIRLOCK, Phase.PLAN));
            String text =
                    """
                    plam:
                    - action: pwd
                    plan:
                    - action: shel
                      shell: make
                    - action: shell
                      shell: true
                      retries: 3
                    - action: setenv
                      set: {A: 1}
                    - shell: make
                    - cargo_fmt
                    -
                    """;
            assertThat(problems(PlanFile.AIRLOCK, text))
                    .containsExactly(
                            ".airlock.yaml:1:1: plam: unknown key; expected one of pre_plan, plan,"
                                    + " post_plan, artifact_max_size, cache_max_size,"
                                    + " dependencies_max_size, limits, network, env, timeout, cpus,"
                                    + " memory, image, git, when, matrix, reuse, cache, artifacts (did"
                                    + " you mean 'plan'?)",
                            ".airlock.yaml:4:11: plan[0].action: unknown action 'shel'; expected"
                                    + (" one of " + actions + " (did you mean 'shell'?)"),
                            ".airlock.yaml:7:10: plan[1].shell: found true or false ('true'), which"
                                    + " needs quotes; expected a text of at most 127 KiB",
                            ".airlock.yaml:8:3: plan[1].retries: unknown key; expected one of"
                                    + " shell, with, secrets, name, timeout, if",
                            ".airlock.yaml:10:12: plan[2].set.A: found a whole number ('1'), which"
                                    + " needs quotes; expected a text of at most 127 KiB",
                            ".airlock.yaml:11:3: plan[3]: key 'action' is missing; add `action:"
                                    + " shell`; expected the action's name",
                            ".airlock.yaml:12:3: plan[4]: found only 'cargo_fmt'; write `- action:"
                                    + " NAME` with its fields below it",
                            ".airlock.yaml:13:2: plan[5]: found nothing; expected an action, such"
                                    + " as `- action: pwd`");
        }

        @Test
        void actionsOfAnotherPhaseAreToldWhereTheyBelong() {
            String text =
                    """
                    pre_plan:
                    - {action: shell, shell: make}
                    - action: rsync
                    - action: git_config
                    - action: cargo-fetch
                    - action: git_fetch
                    """;
            String those =
                    "pwd, dummy, http_get, deb_get, apt_upgrade_download, cargo_fetch, rustup,"
                            + " npm_get, pip_download, go_mod_download, dns";
            assertThat(problems(PlanFile.AMBIENT, text))
                    .containsExactly(
                            ".radicle/ambient.yaml:2:12: pre_plan[0].action: action 'shell' does"
                                    + " not belong in pre_plan of .radicle/ambient.yaml, only in plan;"
                                    + " expected "
                                    + those,
                            ".radicle/ambient.yaml:3:11: pre_plan[1].action: action 'rsync' does"
                                    + " not belong in pre_plan of .radicle/ambient.yaml, only in"
                                    + " post_plan; expected "
                                    + those,
                            ".radicle/ambient.yaml:4:11: pre_plan[2].action: action 'git_config'"
                                    + " does not belong in pre_plan of .radicle/ambient.yaml, only in"
                                    + " plan; expected "
                                    + those,
                            ".radicle/ambient.yaml:5:11: pre_plan[3].action: unknown action"
                                    + " 'cargo-fetch'; expected one of "
                                    + those
                                    + " (did you mean 'cargo_fetch'?)",
                            ".radicle/ambient.yaml:6:11: pre_plan[4].action: action 'git_fetch'"
                                    + " does not belong in pre_plan of .radicle/ambient.yaml, only in"
                                    + " .airlock.yaml; expected "
                                    + those);
        }

        @Test
        void whatAProgramCannotTakeIsRefused() {
            assertThat(
                            problems(PlanFile.AIRLOCK, "plan: [{action: shell, shell: \"a\\0b\"}]")
                                    .getFirst())
                    .contains("plan[0].shell: contains a NUL character");
            assertThat(
                            problems(
                                            PlanFile.AIRLOCK,
                                            "plan: [{action: shell, shell: "
                                                    + "x".repeat(131_072)
                                                    + "}]")
                                    .getFirst())
                    .contains("plan[0].shell: 131,072 bytes long; expected a text of at");
            assertThat(
                            problems(PlanFile.AIRLOCK, "plan: [{action: setenv, set: {'A=': b}}]")
                                    .getFirst())
                    .contains("plan[0].set.A=: the name does not fit");
            assertThat(
                            problems(PlanFile.AIRLOCK, "plan: [{action: mkdir, pathname: ''}]")
                                    .getFirst())
                    .contains("plan[0].pathname: empty; expected a path");
        }

        @Test
        void variablesOfOnePhaseAreBoundedTogether() {
            String one = "- {action: setenv, set: {A: " + "x".repeat(40_000) + "}}\n";
            assertThat(plan(PlanFile.AIRLOCK, "plan:\n" + one)).isNotNull();
            assertThat(problems(PlanFile.AIRLOCK, "plan:\n" + one + one))
                    .containsExactly(
                            ".airlock.yaml:2:1: plan: sets variables of 80,006 bytes; expected at"
                                    + " most 65,536");
        }

        @Test
        void whatDoesNotFitIntoTheGuestsListIsRefused() {
            String text =
                    "plan:\n- {action: setenv, set: {A: "
                            + "x".repeat(60_000)
                            + "}}\n"
                            + "- action: pwd\n".repeat(499);
            assertThat(only(problems(PlanFile.AIRLOCK, text)))
                    .startsWith(".airlock.yaml:1:1: plan: too much for one phase: ");
        }

        @Test
        void tooManyActionsAreRefused() {
            assertThat(problems(PlanFile.AIRLOCK, "plan:\n" + "- action: pwd\n".repeat(501)))
                    .containsExactly(".airlock.yaml:2:1: plan: 501 items; expected 0 to 500");
        }

        @Test
        void theSummaryIsTheFirstProblemAndTheNumberOfOthers() {
            assertThat(summary(PlanFile.AIRLOCK, "a: 1\nb: 2\nc: 3\n"))
                    .startsWith(".airlock.yaml:1:1: a: unknown key")
                    .endsWith(" (and 2 more)");
        }

        @Test
        void aLongSummaryKeepsItsBeginningAndItsSuggestion() {
            assertThat(summary(PlanFile.AIRLOCK, "plam: []\nb: 2\n"))
                    .startsWith(
                            ".airlock.yaml:1:1: plam: unknown key; expected one of pre_plan, plan,")
                    .endsWith("(did you mean 'plan'?) (and 1 more)")
                    .contains(" … ")
                    .hasSizeLessThan(220);
        }

        @Test
        void aFileThatIsAListSaysWhatItWouldBe() {
            assertThat(only(problems(PlanFile.AIRLOCK, "- action: pwd\n")))
                    .startsWith(
                            ".airlock.yaml:1:1: found a list; expected a mapping with the keys"
                                    + " pre_");
        }
    }
}
