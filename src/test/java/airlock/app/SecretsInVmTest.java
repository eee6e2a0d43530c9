package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Real machines look at their secrets drives, byte for byte.
@Tag("vm")
final class SecretsInVmTest extends OnRealVms {
    private static final String PLAN =
            """
            pre_plan:
              - action: shell
                shell: &look |
                  echo "bytes on the drive: $(tr -d '\\0' < /dev/vdg | wc -c)"
                  stat -c '%F %a %U' /ci/secrets
                  echo "files: $(ls -A /ci/secrets | tr '\\n' ' ')"
                  ssh -G example.org | grep -e ^identityfile -e ^identitiesonly
                  head -c 35 /ci/secrets/ssh_key 2>&1 || echo no key
            plan:
              - action: shell
                shell: *look
            post_plan:
              - action: shell
                shell: *look
            """;

    @Test
    void t2ThePlansDriveIsEmptyWhereThoseBesideItHoldTheKey() throws Exception {
        String more = "id: 7\n    secrets: {drive: [pre_plan, post_plan]}";
        try (var bot = bot(more)) {
            assertThat(bot.newKey("deploy")).isNotEmpty();
            String log = passed(bot, push(bot, PLAN));
            var looks = Arrays.asList(log.split("\nbytes on the drive: ", -1));
            assertThat(looks).hasSize(4);
            assertThat(looks.get(2))
                    .startsWith("0\n")
                    .contains("directory 700 root", "files: \n", "no key")
                    .doesNotContain("OPENSSH");
            assertThat(List.of(looks.get(1), looks.get(3)))
                    .allSatisfy(SecretsInVmTest::holdsTheKey);
        }
    }

    private static void holdsTheKey(String look) {
        assertThat(look)
                .doesNotStartWith("0\n")
                .contains("files: ssh_config ssh_key")
                .contains("identitiesonly yes", "identityfile /ci/secrets/ssh_key")
                .contains("-----BEGIN OPENSSH PRIVATE KEY-----");
    }

    private static final String PASSWORD = "pass-8b21d0f4aa";
    private static final String PRINTING =
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
            String commit = push(bot, PRINTING);

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
