package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Merge groups, as a sweep finds them where their webhook was lost.
final class MergeGroupTest extends ChangeRequests {
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
}
