package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.HostedChange;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A plan that is for some events alone: it reports for all.
final class PlanWhenEventsTest extends ChangeRequests {
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
