package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.GuestStep;
import airlock.vm.VmSpec;
import org.junit.jupiter.api.Test;

/// Which VMs of failed phases may be kept.
final class KeepFailedTest extends OnForge {
    private static final String KEEP = "keep_failed: {most: 1}\n";
    private static final String PLAN =
            """
            pre_plan: [{action: shell, shell: echo fetched}]
            plan: [{action: shell, shell: %s}]
            post_plan: [{action: shell, shell: echo published}]
            """;

    private String page(String configured, String plan, String state) throws Exception {
        try (var bot = Bot.start(directory, forge, host, Bot.NO_BOOT, "id: 7\n" + configured)) {
            assertThat(bot.newKey("deploy")).isNotEmpty();
            awaitState(push(bot, plan), "airlock", state);
            return bot.get("/runs/" + bot.runs().getFirst());
        }
    }

    private static boolean mayStay(VmSpec spec) {
        return spec.steps().getLast().what() instanceof GuestStep.Terminal terminal
                && terminal.onlyAfterFailure();
    }

    @Test
    void withoutTheKeyNoMachineStaysAndNothingIsServedInThePlan() throws Exception {
        String page = page("", PLAN.formatted("exit 3"), "failure");

        assertThat(host.started()).hasSize(2).noneMatch(KeepFailedTest::mayStay);
        assertThat(host.started().getLast().uplink()).isEmpty();
        assertThat(page).contains("a machine like it", "airlock vm shell --run ");
    }

    @Test
    void aMachineWhoseStepFailsStaysAndItsRunEndsAllTheSame() throws Exception {
        String page = page(KEEP, PLAN.formatted("exit 3"), "failure");

        assertThat(host.started()).hasSize(2).allMatch(KeepFailedTest::mayStay);
        assertThat(page).contains("which stays until", "exited with 3");
    }

    @Test
    void oneThatPassesNeverStays() throws Exception {
        String page = page(KEEP, PLAN.formatted("echo tested"), "success");

        assertThat(host.started()).hasSize(3).allMatch(KeepFailedTest::mayStay);
        assertThat(page).doesNotContain("airlock vm shell");
    }

    @Test
    void aPhaseThatHeldASecretNeverStays() throws Exception {
        String drive = "    secrets: {drive: [pre_plan, post_plan]}\n" + KEEP;

        String page =
                page(
                        drive,
                        PLAN.formatted("echo tested").replace("echo published", "exit 4"),
                        "failure");

        assertThat(host.started()).hasSize(3);
        assertThat(host.started().get(0)).matches(spec -> !mayStay(spec));
        assertThat(host.started().get(1)).matches(KeepFailedTest::mayStay);
        assertThat(host.started().get(2)).matches(spec -> !mayStay(spec));
        assertThat(page).contains("a machine like it").doesNotContain("which stays until");
    }
}
