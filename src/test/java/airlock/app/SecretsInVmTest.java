package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.vm.TestImage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real machines look at their secrets drives, byte for byte.
@Tag("vm")
final class SecretsInVmTest {
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

    @TempDir Path directory;
    private RealMachines machines;
    private LoopbackForge forge;

    @BeforeEach
    void startForge() throws Exception {
        machines = RealMachines.in(directory);
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    void stop() {
        forge.close();
        machines.close();
    }

    @Test
    void t2ThePlansDriveIsEmptyWhereThoseBesideItHoldTheKey() throws Exception {
        String more = "id: 7\n    secrets: {drive: [pre_plan, post_plan]}";
        try (var bot = Bot.start(directory, forge, machines.host(), TestImage.boot(), more)) {
            assertThat(bot.ask(new Command.NewSecret("alice/hello", "deploy")))
                    .first()
                    .isInstanceOf(Reply.Key.class);
            var repository = new Pushes(directory, forge);

            String commit = repository.push(bot, PLAN);

            await().atMost(Duration.ofMinutes(5))
                    .untilAsserted(
                            () -> assertThat(forge.states(commit, "airlock")).endsWith("success"));
            String log = bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
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
        try (var bot = Bot.start(directory, forge, machines.host(), TestImage.boot(), more)) {
            // it has a key, and nothing says that a phase gets it
            assertThat(bot.ask(new Command.NewSecret("alice/hello", "deploy")))
                    .first()
                    .isInstanceOf(Reply.Key.class);

            String commit = new Pushes(directory, forge).push(bot, PLAN);

            await().atMost(Duration.ofMinutes(5))
                    .untilAsserted(
                            () -> assertThat(forge.states(commit, "airlock")).endsWith("success"));
            String log = bot.get("/runs/" + bot.runs().getFirst() + "/log.txt");
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
