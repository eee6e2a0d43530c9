package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.house.HostedChange;
import airlock.house.PostedStatus;
import airlock.vm.GuestStep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Repositories with several plans, from a push or change request to the statuses at the forge.
final class SeveralPlansTest extends ChangeRequests {
    private static final String TWO_PHASES =
            """
            pre_plan: [{action: shell, shell: "echo pre-%1$s"}]
            plan: [{action: shell, shell: "echo plan-%1$s"}]
            """;

    private long number;
    private int before;

    @Override
    void writePlans(Checkout checkout) throws Exception {
        checkout.write(".airlock.yaml", TWO_PHASES.formatted("main"));
        checkout.write(".airlock/lint.yaml", TWO_PHASES.formatted("lint"));
    }

    @BeforeEach
    void aBranchLikeMain() {
        git("checkout", "-q", "-f", "-B", "topic", "main");
        number++;
        before = host.started().size();
    }

    private String commit(Map<String, String> files) throws IOException {
        for (var file : files.entrySet()) {
            checkout().write(file.getKey(), file.getValue());
            if (file.getValue().isEmpty()) {
                Files.delete(checkout().work().resolve(file.getKey()));
            }
        }
        return checkout().commit();
    }

    private HostedChange fromFork(String head) {
        return HostedChange.inside(number, "main", head, "main").from(FORK, "main");
    }

    private Set<String> contexts(String commit) {
        return forge.statuses().stream()
                .filter(status -> status.commit().equals(commit))
                .map(PostedStatus::context)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private String description(String commit, String context) {
        return forge.statuses().stream()
                .filter(s -> s.commit().equals(commit) && s.context().equals(context))
                .reduce((_, last) -> last)
                .orElseThrow()
                .description();
    }

    private List<String> machines() {
        return machinesSince(before);
    }

    @Test
    void eachPlanIsARunWithItsContextAndABrokenFileStopsItsOwnAlone() throws Exception {
        String head =
                commit(
                        Map.of(
                                ".airlock/broken.yaml", "plam: []\n",
                                ".airlock/a b.yaml", "plan: []\n",
                                ".radicle/ambient.yaml", "this is not looked at"));
        push("topic:refs/heads/broken");
        awaitState(head, "airlock", "failure");

        assertThat(contexts(head))
                .containsExactlyInAnyOrder(
                        "airlock",
                        "airlock/main",
                        "airlock/lint",
                        "airlock/broken",
                        "airlock/a_b.yaml");
        awaitState(head, "airlock/main", "success");
        awaitState(head, "airlock/lint", "success");
        awaitState(head, "airlock/broken", "failure");
        awaitState(head, "airlock/a_b.yaml", "failure");
        assertThat(description(head, "airlock/broken")).contains(".airlock/broken.yaml:1:1: plam");
        assertThat(description(head, "airlock/a_b.yaml")).contains("a plan's name has letters");
        assertThat(description(head, "airlock"))
                .isEqualTo("invalid plan: a_b.yaml, broken (2 of 4 runs)");
        assertThat(machines()).hasSize(4);
        String target = forge.statuses().getLast().targetUrl();
        assertThat(bot.get(target.substring(target.indexOf("/requests/"))))
                .contains("  1 | plam: []");
    }

    @Test
    void t3AForkCanNeitherAddNorRemovePlans() throws Exception {
        String head =
                commit(
                        Map.of(
                                ".airlock.yaml", TWO_PHASES.formatted("evil"),
                                ".airlock/lint.yaml", "",
                                ".airlock/more.yaml", TWO_PHASES.formatted("more")));
        offer(fromFork(head));
        awaitState(head, "airlock/pr/main", "failure");

        assertThat(contexts(head))
                .containsExactlyInAnyOrder(
                        "airlock/pr/main", "airlock/main/pr/main", "airlock/lint/pr/main");
        awaitState(head, "airlock/main/pr/main", "success");
        assertThat(description(head, "airlock/lint/pr/main"))
                .contains("the commit removes .airlock/lint.yaml, which main has");
        assertThat(machines()).hasSize(2);
        assertThat(machines().get(0)).contains("pre-main").doesNotContain("evil");
        assertThat(machines().get(1)).contains("plan-evil").doesNotContain("main");
    }

    @Test
    void t3AForksOtherPlanFilesAndLinksInTheirPlaceDoNotHideTheTargetsPlans() throws Exception {
        git("mv", ".airlock", "elsewhere");
        Files.createSymbolicLink(checkout().work().resolve(".airlock"), Path.of("elsewhere"));
        String head = commit(Map.of(".radicle/ambient.yaml", "plan: []\n"));
        offer(fromFork(head));
        awaitState(head, "airlock/lint/pr/main", "failure");
        awaitState(head, "airlock/main/pr/main", "success");

        git("rm", "-qf", ".airlock", ".airlock.yaml");
        String none = commit(Map.of("x", "y"));
        offer(fromFork(none));
        awaitState(none, "airlock/lint/pr/main", "failure");
        awaitState(none, "airlock/main/pr/main", "failure");
        assertThat(machines()).hasSize(2);
    }

    @Test
    void aChangeOfOursThatAddsAndRemovesPlansAnswersInTheContextsOfAllOthersToo() throws Exception {
        String same = commit(Map.of("text", "1"));
        push("topic:refs/heads/ours");
        var change = HostedChange.inside(number, "main", same, "ours");
        offer(change);
        awaitState(same, "airlock/pr/main", "success");
        var required = contexts(same).stream().filter(c -> c.endsWith("/pr/main")).toList();

        String head =
                commit(
                        Map.of(
                                ".airlock/lint.yaml",
                                "",
                                ".airlock/more.yaml",
                                TWO_PHASES.formatted("more")));
        push("topic:refs/heads/ours");
        awaitState(head, "airlock", "success");
        offer(change.at(head));
        awaitState(head, "airlock/pr/main", "success");

        assertThat(required)
                .containsExactly("airlock/lint/pr/main", "airlock/main/pr/main", "airlock/pr/main");
        assertThat(contexts(head)).containsAll(required).contains("airlock/more/pr/main");
        assertThat(forge.states(head, "airlock/lint/pr/main")).containsExactly("success");
        assertThat(description(head, "airlock/lint/pr/main"))
                .contains("not run: the commit has no .airlock/lint.yaml, which main has");
    }

    private static final String MATRIX = "matrix: {os: [%2$s], jdk: [21]}\n" + TWO_PHASES;

    /// A branch with two plans, of which one has a matrix.
    private void branchWithMatrix(String name) throws Exception {
        String head = commit(Map.of(".airlock/test.yaml", MATRIX.formatted("test", "a, b")));
        push("topic:refs/heads/" + name);
        awaitState(head, "airlock", "success");
        assertThat(contexts(head))
                .containsExactlyInAnyOrder(
                        "airlock",
                        "airlock/main",
                        "airlock/lint",
                        "airlock/test (os=a,jdk=21)",
                        "airlock/test (os=b,jdk=21)");
    }

    private List<String> cells() {
        return host.started().stream()
                .skip(before)
                .flatMap(machine -> machine.steps().stream())
                .flatMap(
                        step ->
                                step.what() instanceof GuestStep.Execute execute
                                        ? Optional.ofNullable(
                                                execute.environment().get("MATRIX_OS"))
                                                .stream()
                                        : Stream.<String>of())
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void eachCellOfAMatrixIsARunWithItsContextAndVariables() throws Exception {
        branchWithMatrix("cells");

        assertThat(machines()).hasSize(8);
        assertThat(cells()).containsExactly("a", "b");
        var run = new RunId(bot.runs().getFirst());
        assertThat(bot.get("/runs/" + run)).contains("test (os=b,jdk=21)");

        before = host.started().size();
        assertThat(bot.ask(new Command.Rerun(run.text(), false)).getLast())
                .isInstanceOf(Reply.Done.class);
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(machines()).hasSize(8));
        assertThat(cells()).as("of a rerun").containsExactly("a", "b");
    }

    @Test
    void t3AForkCanNeitherAddNorRemoveCells() throws Exception {
        branchWithMatrix("target");
        before = host.started().size();
        String head = commit(Map.of(".airlock/test.yaml", MATRIX.formatted("evil", "a, c")));

        offer(HostedChange.inside(number, "target", head, "main").from(FORK, "main"));
        awaitState(head, "airlock/pr/target", "success");

        assertThat(contexts(head))
                .containsExactlyInAnyOrder(
                        "airlock/pr/target",
                        "airlock/main/pr/target",
                        "airlock/lint/pr/target",
                        "airlock/test/pr/target (os=a,jdk=21)",
                        "airlock/test/pr/target (os=b,jdk=21)");
        assertThat(cells()).containsExactly("a", "b");
        assertThat(machines()).filteredOn(shells -> shells.contains("plan-evil")).hasSize(2);
        assertThat(machines()).noneMatch(shells -> shells.contains("pre-evil"));
    }

    @Test
    void aChangeOfOursAnswersInTheContextsOfAllCellsOfTheTargetToo() throws Exception {
        branchWithMatrix("base");
        String broken = commit(Map.of(".airlock/test.yaml", "plam: []\n"));
        push("topic:refs/heads/change");
        awaitState(broken, "airlock", "failure");
        var change = HostedChange.inside(number, "base", broken, "change");
        offer(change);
        awaitState(broken, "airlock/pr/base", "failure");
        assertThat(forge.states(broken, "airlock/test/pr/base (os=a,jdk=21)"))
                .containsExactly("failure");

        String fewer = commit(Map.of(".airlock/test.yaml", MATRIX.formatted("test", "b, c")));
        push("topic:refs/heads/change");
        awaitState(fewer, "airlock", "success");
        offer(change.at(fewer));
        awaitState(fewer, "airlock/pr/base", "success");
        assertThat(description(fewer, "airlock/test/pr/base (os=a,jdk=21)"))
                .contains("the commit has no .airlock/test.yaml with os=a,jdk=21, which base has");
        awaitState(fewer, "airlock/test/pr/base (os=b,jdk=21)", "success");
        awaitState(fewer, "airlock/test/pr/base (os=c,jdk=21)", "success");
    }

    @Test
    void moreThanSixtyFourRunsAreNone() throws Exception {
        String eight = "[1, 2, 3, 4, 5, 6, 7, 8]";
        String head =
                commit(
                        Map.of(
                                ".airlock/test.yaml",
                                "matrix: {a: %1$s, b: %1$s}\nplan: []\n".formatted(eight)));
        push("topic:refs/heads/product");
        awaitState(head, "airlock", "failure");

        assertThat(description(head, "airlock"))
                .isEqualTo(
                        "invalid plan: the commit has 66 runs, plans and cells of their matrices"
                                + " together; at most 64");
        assertThat(machines()).isEmpty();
    }
}
