package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

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
                    .contains("files: \n", "no key")
                    .doesNotContain("OPENSSH");
            assertThat(List.of(looks.get(1), looks.get(3)))
                    .allSatisfy(SecretsInVmTest::holdsTheKey);
        }
    }

    @Test
    void withAnEmptyListOfSecretsTheFolderIsThereAndEmptyInEachPhase() throws Exception {
        String more =
                "id: 7\n    secrets: {drive: [], agent: [], tokens: [], files: [], variables: []}";
        try (var bot = bot(more)) {
            // it has a key, and nothing says that a phase gets it
            assertThat(bot.newKey("deploy")).isNotEmpty();

            String log = passed(bot, push(bot, PLAN));
            var looks = Arrays.asList(log.split("\nbytes on the drive: ", -1));
            assertThat(looks).hasSize(4);
            assertThat(looks.subList(1, 4))
                    .allSatisfy(
                            look ->
                                    assertThat(look)
                                            .startsWith("0\n")
                                            .contains("directory 700 root", "files: \n", "no key")
                                            .doesNotContain("OPENSSH"));
        }
    }

    private static void holdsTheKey(String look) {
        assertThat(look)
                .doesNotStartWith("0\n")
                .contains("files: ssh_config ssh_key")
                .contains("identitiesonly yes", "identityfile /ci/secrets/ssh_key")
                .contains("-----BEGIN OPENSSH PRIVATE KEY-----");
    }
}
