package airlock.plan;

import static airlock.plan.PlanFixture.plan;
import static airlock.plan.PlanFixture.problems;
import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Subject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Which events a plan is run for.
class PlanWhenTest {
    private static final Subject MAIN = new Subject.Branch("refs/heads/main");
    private static final Subject TOPIC = new Subject.Branch("refs/heads/topic/x");
    private static final Subject V1 = new Subject.Tag("refs/tags/v1");
    private static final Subject TO_MAIN = new Subject.Change(7, "main");
    private static final Subject TO_STABLE = new Subject.Change(8, "stable/2");
    private static final List<Subject> ALL = List.of(MAIN, TOPIC, V1, TO_MAIN, TO_STABLE);

    private static PlanWhen when(String text) {
        return plan(PlanFile.AIRLOCK, "when: {" + text + "}").settings().when();
    }

    private static List<Subject> of(String text) {
        return ALL.stream().filter(subject -> when(text).leavesOut(subject).isEmpty()).toList();
    }

    @Test
    void withoutAWordAllAreMeant() {
        assertThat(of("")).isEqualTo(ALL);
        assertThat(plan(PlanFile.AIRLOCK, "").settings().when())
                .isEqualTo(PlanSettings.none().when());
    }

    @Test
    void eventsAreNamed() {
        assertThat(of("events: [push]")).containsExactly(MAIN, TOPIC);
        assertThat(of("events: [tag]")).containsExactly(V1);
        assertThat(of("events: [change_request, tag]")).containsExactly(V1, TO_MAIN, TO_STABLE);
    }

    @Test
    void branchesAreThosePushedToAndThoseThatChangesWantToGetInto() {
        assertThat(of("branches: [main]")).containsExactly(MAIN, V1, TO_MAIN);
        assertThat(of("branches: ['stable/*', '**/x']")).containsExactly(TOPIC, V1, TO_STABLE);
        assertThat(of("branches: ['*']")).containsExactly(MAIN, V1, TO_MAIN);
        assertThat(of("events: [change_request], branches: [main]")).containsExactly(TO_MAIN);
    }

    @Test
    void tagsAreByTheirShortNames() {
        assertThat(of("tags: ['v*']")).isEqualTo(ALL);
        assertThat(of("tags: ['w*']")).doesNotContain(V1).hasSize(4);
        assertThat(of("events: [tag], tags: ['v?']")).containsExactly(V1);
    }

    @Test
    void pathsAreFromTheTopAndThePlanItselfAlwaysCounts() {
        var when = when("paths: ['src/**', '*.md', 'docs/*/a?c']");

        assertThat(when.asksForPaths()).isTrue();
        for (String path :
                List.of("src/a/b.c", "src/x", "README.md", "docs/x/abc", ".airlock.yaml")) {
            assertThat(when.isConcernedBy(List.of("other", path), ".airlock.yaml")).isTrue();
        }
        for (String path : List.of("srcs/a", "a/src/b", "docs/README.md", "docs/a/b/abc", "src")) {
            assertThat(when.isConcernedBy(List.of(path), ".airlock.yaml")).as(path).isFalse();
        }
        assertThat(when.isConcernedBy(List.of(), ".airlock.yaml")).isFalse();
        assertThat(PlanSettings.none().when().isConcernedBy(List.of(), ".airlock.yaml")).isTrue();
    }

    @Test
    void whatIsLeftOutIsSaid() {
        assertThat(when("events: [tag]").leavesOut(MAIN)).contains("pushes to branches");
        assertThat(when("events: [push]").leavesOut(V1)).contains("tags");
        assertThat(when("events: [push]").leavesOut(TO_MAIN)).contains("change requests");
        assertThat(when("branches: [main]").leavesOut(TOPIC)).contains("the branch topic/x");
        assertThat(when("tags: ['w*']").leavesOut(V1)).contains("the tag v1");
        assertThat(when("branches: [main]").leavesOut(TO_STABLE))
                .contains("change requests to stable/2");
    }

    @Test
    void ofTheCommitsOfAnOutsideRunNothingCounts() {
        var target = plan(PlanFile.AIRLOCK, "when: {branches: [main]}");
        var commits = plan(PlanFile.AIRLOCK, "when: {events: [tag]}");

        assertThat(target.withStepsOf(commits).settings().when().leavesOut(TO_MAIN)).isEmpty();
    }

    /// A matcher that goes back would not end.
    @Test
    void aHostilePatternIsMatchedAtOnce() {
        String stars = "*a".repeat(120);
        var when = when("branches: ['" + stars + "', '" + "**".repeat(120) + "b']");
        var branch = new Subject.Branch("refs/heads/" + "a".repeat(200) + "c");

        assertThat(when.leavesOut(branch))
                .isEqualTo(Optional.of("the branch " + branch.shortName()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "push",
                "[push]",
                "{events: push}",
                "{events: []}",
                "{events: [pull_request]}",
                "{events: [push, tag, change_request, push]}",
                "{branches: main}",
                "{branches: []}",
                "{branches: [refs/heads/main]}",
                "{branches: ['a b']}",
                "{branches: ['']}",
                "{branches: [1]}",
                "{branches: ['[a-z]']}",
                "{branches: [{name: main}]}",
                "{tags: [refs/tags/v1]}",
                "{tags: {v: 1}}",
                "{paths: src}",
                "{paths: []}",
                "{paths: [/src]}",
                "{paths: [./src]}",
                "{paths: [src/]}",
                "{paths: ['']}",
                "{paths: [1]}",
                "{branch: [main]}"
            })
    void whateverElseIsAMistake(String text) {
        assertThat(problems(PlanFile.AIRLOCK, "when: " + text + "\n")).as(text).hasSize(1);
    }

    @Test
    void thereAreBoundsAndSlipsAreTold() {
        String many = "x, ".repeat(101);
        assertThat(only(problems(PlanFile.AIRLOCK, "when: {tags: [" + many + "]}\n")))
                .contains("101 items");
        assertThat(problems(PlanFile.AIRLOCK, "when: {tags: [" + "x".repeat(300) + "]}\n"))
                .hasSize(1);
        assertThat(only(problems(PlanFile.AIRLOCK, "when: {events: [psh]}\n")))
                .contains("did you mean 'push'?");
    }

    @Test
    void whatNeverCountsIsAWarning() {
        for (String text :
                List.of(
                        "{events: [push], tags: [v1]}",
                        "{events: [tag], branches: [main]}",
                        "{events: [tag], paths: [a]}")) {
            assertThat(only(PlanFixture.warnings(PlanFile.AIRLOCK, ("when: " + text))))
                    .contains("never counts");
        }
    }
}
