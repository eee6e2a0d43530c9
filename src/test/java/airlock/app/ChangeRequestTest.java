package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.house.HostedChange;
import airlock.vm.Drive;
import airlock.vm.TestTar;
import airlock.vm.VmSpec.DriveContent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// The rights of change requests, from the forge's API to the steps of their VMs.
final class ChangeRequestTest extends ChangeRequests {
    @Test
    void t1AHeadThatIsTheTipOfABranchOfTheRepositoryItselfIsInsideAndHasItsOwnPlan()
            throws Exception {
        int before = host.started().size();
        String head = offered(PLAN.formatted("mine"));
        push("topic:refs/heads/topic");
        awaitStates(head, "airlock", "pending", "success");
        int pushed = host.started().size();

        offer(ours(head, "topic"));
        awaitPassed(head);

        assertThat(newestRun()).contains(INSIDE);
        assertThat(machinesSince(pushed)).hasSize(2);
        assertThat(machinesSince(pushed).getFirst()).contains("mine-pre");
        assertThat(machinesSince(before)).noneMatch(shells -> shells.contains("-post"));
    }

    @Test
    void t3OfACommitFromAForkOnlyTheStepsOfPlanAreRun() throws Exception {
        int before = host.started().size();
        String head = offered(PLAN.formatted("evil"));

        offer(ours(head, "main").from(FORK, "main"));
        awaitPassed(head);

        assertThat(newestRun()).contains(OUTSIDE);
        var machines = machinesSince(before);
        assertThat(machines).hasSize(2);
        assertThat(machines.get(0)).contains("main-pre").doesNotContain("evil");
        assertThat(machines.get(1)).contains("evil-plan").doesNotContain("main-");
        assertThat(bot.get("/runs/" + bot.runs().getFirst() + "/log"))
                .contains("post_plan is not run: the code is from outside");
    }

    /// The HEAD in the source of the last VM; empty if it has no `.git`.
    private String headOfLast() throws Exception {
        var contents = host.started().getLast().contents();
        var source = (DriveContent.Copy) Objects.requireNonNull(contents.get(Drive.SOURCE));
        byte[] head = TestTar.read(Files.readAllBytes(source.file())).get(".git/HEAD");
        return head == null ? "" : new String(head, StandardCharsets.UTF_8).strip();
    }

    @Test
    void t3HowMuchHistoryComesWithACommitFromAForkSaysTheTarget() throws Exception {
        git("checkout", "-q", "-f", "-B", "release", "main");
        String release = commit(".airlock.yaml", "git: full\n" + PLAN.formatted("release"));
        push("release");
        awaitStates(release, "airlock", "pending", "success");
        assertThat(headOfLast()).isEqualTo("ref: refs/heads/release");

        String wantsNone = commit(".airlock.yaml", PLAN.formatted("evil"));
        offer(
                HostedChange.inside(NUMBERS.incrementAndGet(), "release", wantsNone, "main")
                        .from(FORK, "main"));
        await().atMost(Duration.ofSeconds(90))
                .until(
                        () ->
                                forge.states(wantsNone, "airlock/main/pr/release")
                                        .contains("success"));
        assertThat(headOfLast()).isEqualTo(wantsNone);

        String wantsAll = offered("git: full\n" + PLAN.formatted("evil"));
        offer(ours(wantsAll, "main").from(FORK, "main"));
        awaitPassed(wantsAll);
        assertThat(headOfLast()).isEmpty();
    }

    @Test
    void t1NeitherAForksBranchNameNorAgitNorAHeadThatIsGoneNorALieMakesAnythingInside()
            throws Exception {
        String head = offered(PLAN.formatted("evil"));
        var disguises =
                List.of(
                        ours(head, "topic").from(FORK, "main"),
                        ours(head, "topic").from(FORK, "refs/heads/main"),
                        // its repository is gone
                        ours(head, "topic").from(0, "main"),
                        // AGit: the repository itself, and a ref below refs/pull
                        ours(head, "refs/pull/1/head"),
                        // the forge says that it is on a branch of ours, and git does not
                        ours(head, "main"),
                        ours(head, "nowhere"),
                        ours(head, "pull/1/head"),
                        // no names that git has
                        ours(head, "*"),
                        ours(head, "topic/"),
                        ours(head, "a:refs/heads/main"),
                        ours(head, "x".repeat(4000)));
        var offered = new LinkedHashMap<String, HostedChange>();
        for (HostedChange disguise : disguises) {
            String other = commit("number", String.valueOf(NUMBERS.incrementAndGet()));
            show(disguise.at(other));
            offered.put(other, disguise);
        }
        sweep();
        for (var one : offered.entrySet()) {
            awaitPassed(one.getKey());
            assertThat(runOf(one.getKey())).as(one.getValue().toString()).contains(OUTSIDE);
        }
    }

    @Test
    void t1AnUpdateByAMaintainerDoesNotMakeAStrangersChangeInside() throws Exception {
        String head = offered(PLAN.formatted("evil"));
        var change = ours(head, "main").from(FORK, "main");
        offer(change);
        awaitPassed(head);

        git("checkout", "-q", "-f", "main");
        commit("news", "of main");
        push("main");
        git("checkout", "-q", "topic");
        git("merge", "-q", "--no-ff", "-m", "Merge branch 'main'", "main");
        String merged = git("rev-parse", "HEAD");
        offer(change.at(merged));
        awaitPassed(merged);

        assertThat(newestRun()).contains(OUTSIDE);
    }

    @Test
    void t1ABranchThatMovesBetweenEventAndClaimIsOutsideUntilItIsSeenThere() throws Exception {
        String head = offered(PLAN.formatted("mine"));
        // the branch is elsewhere by now; only refs/pull still has the commit
        push("main:refs/heads/topic");
        offer(ours(head, "topic"));
        awaitPassed(head);

        assertThat(newestRun()).contains(OUTSIDE);
    }

    @Test
    void t3ACommitThatTakesThePlanAwayStillReportsToItsContextAndRunsNothing() throws Exception {
        int before = host.started().size();
        git("checkout", "-q", "-f", "-B", "topic", "main");
        git("mv", ".airlock.yaml", "away.yaml");
        String head = commit("more", "text");

        offer(ours(head, "main").from(FORK, "main"));
        awaitStates(head, "airlock/main/pr/main", "failure");

        assertThat(host.started()).hasSize(before);
        awaitStates(head, "airlock/pr/main", "pending", "failure");
    }

    @Test
    void t3APlanWithATypoFromOutsideIsAFailureOfItsContextWithFileAndLine() throws Exception {
        String head = offered("plam: []\n");

        offer(ours(head, "main").from(FORK, "main"));
        awaitStates(head, "airlock/main/pr/main", "failure");

        assertThat(forge.statuses())
                .anySatisfy(
                        status -> {
                            assertThat(status.context()).isEqualTo("airlock/main/pr/main");
                            assertThat(status.description()).contains(".airlock.yaml:1");
                        });
    }

    @Test
    void t3ATargetWithoutAPlanGetsNoneFromOutside() throws Exception {
        git("checkout", "-q", "-f", "--orphan", "bare");
        git("rm", "-qf", "--cached", ".airlock.yaml");
        Files.delete(directory.resolve("work/.airlock.yaml"));
        commit("text", "no plan here");
        push("bare");
        int before = host.started().size();
        String head = commit(".airlock.yaml", PLAN.formatted("evil"));

        offer(
                HostedChange.inside(NUMBERS.incrementAndGet(), "bare", head, "main")
                        .from(FORK, "main"));
        awaitStates(head, "airlock/pr/bare", "pending", "failure");

        assertThat(host.started()).hasSize(before);
    }

    @Test
    void t7ARerunOfWhatIsNoLongerTheTipPublishesOnlyIfTheOperatorSaysSo() throws Exception {
        git("checkout", "-q", "-f", "main");
        String first = commit("first", "text");
        push("main");
        awaitStates(first, "airlock", "pending", "success");
        var old = new RunId(bot.runs().getFirst());
        String next = commit("more", "text");
        push("main");
        awaitStates(next, "airlock", "pending", "success");

        int before = host.started().size();
        assertThat(bot.ask(new Command.Rerun(old.text(), false)).getLast())
                .isInstanceOf(Reply.Done.class);
        awaitStates(first, "airlock", "pending", "success", "pending", "success");
        assertThat(machinesSince(before)).hasSize(2).noneMatch(shells -> shells.contains("-post"));

        int again = host.started().size();
        assertThat(bot.ask(new Command.Rerun(old.text(), true)).getLast())
                .isInstanceOf(Reply.Done.class);
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(machinesSince(again)).hasSize(3));
        assertThat(machinesSince(again).getLast()).contains("main-post");
    }

    @Test
    void t4ARerunThatIsOutsideByNowLeavesNothingPendingWhereTheInsideRunSpoke() throws Exception {
        String head = offered(PLAN.formatted("mine"));
        push("topic:refs/heads/inside");
        offer(ours(head, "inside"));
        awaitPassed(head);
        await().atMost(Duration.ofSeconds(90))
                .until(() -> forge.states(head, "airlock/pr/main").contains("success"));
        var run = new RunId(bot.runs().getFirst());
        assertThat(newestRun()).contains(INSIDE);

        push("main:refs/heads/inside");
        int before = host.started().size();
        assertThat(bot.ask(new Command.Rerun(run.text(), false)).getLast())
                .isInstanceOf(Reply.Done.class);
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(
                        () -> assertThat(machinesSince(before)).hasSizeGreaterThanOrEqualTo(2));
        await().atMost(Duration.ofSeconds(90))
                .untilAsserted(() -> assertThat(newestRun()).contains(OUTSIDE).contains("passed"));

        assertThat(forge.states(head, "airlock/pr/main").getLast()).isEqualTo("success");
        assertThat(forge.states(head, "airlock/main/pr/main").getLast()).isEqualTo("success");
    }

    @Test
    void aMergeGroupAnswersInTheContextsOfChangeRequestsAndHasNeitherAPrePlanOfItsOwnNorAPostPlan()
            throws Exception {
        String head = offered(PLAN.formatted("group"));
        int before = host.started().size();

        push(head + ":refs/heads/gh-readonly-queue/main/pr-1-" + "0".repeat(40));
        sweep();
        awaitPassed(head);

        assertThat(newestRun()).contains(OUTSIDE);
        assertThat(forge.states(head, "airlock/pr/main")).endsWith("success");
        assertThat(forge.states(head, "airlock")).as("its branch was not pushed").isEmpty();
        assertThat(forge.states(head, "airlock/main")).isEmpty();
        assertThat(machinesSince(before))
                .hasSize(2)
                .anyMatch(shells -> shells.contains("main-pre"))
                .anyMatch(shells -> shells.contains("group-plan"))
                .noneMatch(shells -> shells.contains("post"));
    }

    @Test
    void t3WhatTheTargetLeavesOutReportsAndRunsNothingWhateverTheCommitSays() throws Exception {
        git("checkout", "-q", "-f", "-B", "quiet", "main");
        String quiet = "when: {events: [push, tag]}\n" + PLAN.formatted("quiet");
        String target = commit(".airlock.yaml", quiet);
        push("quiet");
        awaitStates(target, "airlock", "pending", "success");
        int before = host.started().size();
        for (String plan : List.of(PLAN.formatted("evil"), "plam: []\n")) {
            String head = commit(".airlock.yaml", plan);

            offer(
                    HostedChange.inside(NUMBERS.incrementAndGet(), "quiet", head, "main")
                            .from(FORK, "main"));
            awaitStates(head, "airlock/main/pr/quiet", "success");
            awaitStates(head, "airlock/pr/quiet", "pending", "success");
        }

        assertThat(machinesSince(before)).noneMatch(shells -> shells.contains("evil"));
        assertThat(newestRun()).contains("`when` of .airlock.yaml leaves out change requests");
    }

    @Test
    void t3ACommitFromAForkCannotLeaveItselfOut() throws Exception {
        int before = host.started().size();
        String head = offered("when: {events: [tag]}\n" + PLAN.formatted("evil"));

        offer(ours(head, "main").from(FORK, "main"));
        awaitPassed(head);

        assertThat(machinesSince(before))
                .hasSize(2)
                .anyMatch(shells -> shells.contains("evil-plan"));
    }

    @Test
    void aPushThatThePlanIsNotForReportsAndRunsNothing() throws Exception {
        git("checkout", "-q", "-f", "-B", "draft", "main");
        String head = commit(".airlock.yaml", "when: {branches: [main]}\n" + PLAN.formatted("x"));
        int before = host.started().size();
        push("draft");
        awaitStates(head, "airlock/main", "success");

        assertThat(host.started()).hasSize(before);
    }
}
