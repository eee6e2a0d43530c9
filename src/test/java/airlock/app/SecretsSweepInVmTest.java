package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A real machine gets a variable and a file, prints them in several forms, and fails: the host is
/// searched for them while it runs and afterwards.
@Tag("vm")
final class SecretsSweepInVmTest extends OnRealVms {
    private static final String PASSWORD = "pass-8b21d0f4aa";
    private static final String PLAN =
            """
            pre_plan:
              - action: shell
                secrets: [PASSWORD]
                shell: |
                  echo "length ${#PASSWORD}"
                  echo "plain $PASSWORD"
                  echo "coded $(printf 'user:%s' "$PASSWORD" | base64 -w0)"
                  for i in $(seq ${#PASSWORD}); do printf %s "${PASSWORD:i-1:1}"; done; echo
                  [ "$(cat /ci/secrets/PASSWORD)" = "$PASSWORD" ]
                  stat -c '%a %U' /ci/secrets/PASSWORD
              - action: shell
                shell: |
                  echo "next: ${PASSWORD-none}"
                  sleep 3
                  exit 7
            plan:
              - {action: shell, shell: echo hello}
            """;

    @Test
    void ofAPrePlanThatFailedNothingOfItsDriveIsLeftOnTheHostNorInItsLog() throws Exception {
        String more = "id: 7\n    secrets: {variables: [{name: PASSWORD, phases: [pre_plan]}]}";
        Path memory = machines.memory();
        var sweep = Sweep.of(PASSWORD);
        try (var bot = bot(more)) {
            bot.keep("", "PASSWORD", PASSWORD);
            String commit = push(bot, PLAN);

            await().atMost(Duration.ofMinutes(3))
                    .until(() -> !bot.runs().isEmpty() && bot.log().contains("next: none"));
            assertThat(sweep.files(directory, memory)).as("while it runs").isEmpty();
            assertThat(sweep.processes()).as("while it runs").isEmpty();
            await().atMost(Duration.ofMinutes(3))
                    .untilAsserted(
                            () -> assertThat(forge.states(commit, "airlock")).endsWith("failure"));
            String log = bot.log();
            assertThat(log).contains("length 15", "plain ***", "coded ", "600 root", "next: none");
            assertThat(sweep.isIn(log)).as(log).isFalse();
            assertThat(sweep.files(directory, memory)).as("afterwards").isEmpty();
            assertThat(sweep.processes()).as("afterwards").isEmpty();
        }
    }
}
