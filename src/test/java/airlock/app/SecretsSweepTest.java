package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.vm.BootFiles;
import airlock.vm.Drive;
import airlock.vm.FakeVmHost;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole run with secrets of every kind, and a search for them in all that it left.
final class SecretsSweepTest {
    private static final String TOKEN = "tok-3f9a1c77e2";
    private static final String PASSWORD = "pass-8b21d0f4aa";
    private static final String FILE = "login = 5d7c6f\nsecret-line-0917\n";
    private static final BootFiles NO_BOOT =
            new BootFiles(Path.of("/none"), Path.of("/none"), Path.of("/none"));
    private static final String CONFIG =
            """
            id: 7
                secrets:
                  drive: [post_plan]
                  tokens: [{name: registry, host: registry.example}]
                  files: [{name: dput.cf, phases: [pre_plan, post_plan]}]
                  variables: [{name: PASSWORD, phases: [pre_plan]}]
                network: {post_plan: {allow: ["registry.example:443 = 127.0.0.1"]}}""";
    private static final String PLAN =
            """
            pre_plan:
              - action: shell
                secrets: [PASSWORD]
                shell: |
                  cat /ci/secrets/PASSWORD
                  echo before the file
                  cat /ci/secrets/dput.cf
                  %s
            plan:
              - {action: shell, shell: echo hello}
            post_plan:
              - {action: shell, shell: cat /ci/secrets/ssh_key}
            """;

    @TempDir Path directory;
    private LoopbackForge forge;
    private final FakeVmHost host = new FakeVmHost();

    @BeforeEach
    void startForge() {
        forge = LoopbackForge.start(0);
        forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
    }

    @AfterEach
    void stop() {
        forge.close();
    }

    private static void set(Bot bot, String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        var replies =
                bot.ask(
                        new Command.SetSecret(
                                "alice/hello",
                                "",
                                name,
                                Base64.getEncoder().encodeToString(bytes)));
        assertThat(replies).singleElement().isInstanceOf(Reply.Done.class);
    }

    private static void fill(Bot bot) {
        set(bot, "registry", TOKEN);
        set(bot, "PASSWORD", PASSWORD);
        set(bot, "dput.cf", FILE);
        assertThat(bot.ask(new Command.NewSecret("alice/hello", "deploy")).getFirst())
                .isInstanceOf(Reply.Key.class);
    }

    private String run(Bot bot, String last, String state) throws Exception {
        fill(bot);
        String commit = new Pushes(directory, forge).push(bot, PLAN.formatted(last));
        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(forge.states(commit, "airlock")).endsWith(state));
        return bot.runs().getFirst();
    }

    private List<String> drives() {
        return host.started().stream()
                .map(
                        spec ->
                                spec.name().replaceFirst("^[a-z2-7]{20}-", "")
                                        + " "
                                        + spec.contents().containsKey(Drive.SECRETS))
                .toList();
    }

    @Test
    void nothingThatARunLeftHasAValueOfAnySecret() throws Exception {
        try (var bot = Bot.start(directory, forge, host, NO_BOOT, CONFIG)) {
            String run = run(bot, "echo done", "success");
            assertThat(drives()).containsExactly("pre-plan true", "plan false", "post-plan true");
            String log = bot.get("/runs/" + run + "/log.txt");
            assertThat(log)
                    .contains("***before the file\n***\ndone\n", "cat /ci/secrets/ssh_key\n***\n");
            String told =
                    log
                            + bot.get("/runs/" + run)
                            + bot.get("/api/v1/runs/" + run)
                            + bot.get("/api/v1/runs/" + run + "/steps")
                            + bot.ask(new Command.ListSecrets(""))
                            + bot.ask(new Command.SecretProblems());
            assertThat(told).contains("registry");
            for (String secret : List.of(TOKEN, PASSWORD, "secret-line-0917")) {
                var sweep = Sweep.of(secret);
                assertThat(sweep.isIn(told)).as(secret).isFalse();
                assertThat(sweep.files(directory)).as(secret).isEmpty();
                assertThat(sweep.processes()).as(secret).isEmpty();
            }
            // the search works
            Path lost = Files.writeString(directory.resolve("lost"), "x" + PASSWORD);
            Path coded =
                    Files.writeString(
                            directory.resolve("coded"),
                            Base64.getEncoder()
                                    .encodeToString(
                                            ("u:" + PASSWORD + ":x")
                                                    .getBytes(StandardCharsets.UTF_8)));
            assertThat(Sweep.of(PASSWORD).files(directory)).containsExactlyInAnyOrder(lost, coded);
        }
    }

    @Test
    void t6WhatAPhaseWithASecretWroteIsPrivateAndSoIsWhatTheNextMadeOfIt() throws Exception {
        try (var bot = Bot.start(directory, forge, host, NO_BOOT, CONFIG)) {
            run(bot, "echo done", "success");
        }
        try (var state = airlock.store.Database.open(directory.resolve("state/airlock.db"))) {
            List<String> blobs =
                    state.read(
                            handle ->
                                    handle.createQuery("SELECT phase || ' ' || private FROM blob")
                                            .mapTo(String.class)
                                            .list());
            assertThat(blobs).isNotEmpty().allMatch(blob -> blob.endsWith(" 1"));
        }
    }

    @Test
    void ofAPrePlanThatFailedNothingIsLeftAndNothingElseIsBegun() throws Exception {
        try (var bot = Bot.start(directory, forge, host, NO_BOOT, CONFIG)) {
            run(bot, "exit 3", "failure");
            assertThat(drives()).containsExactly("pre-plan true");
            assertThat(Sweep.of(PASSWORD).files(directory)).isEmpty();
        }
    }

    @Test
    void whereASecretIsMissingThePhaseBreaksWithWhatToDoBeforeAnyMachineStarts() throws Exception {
        try (var bot = Bot.start(directory, forge, host, NO_BOOT, CONFIG)) {
            String commit = new Pushes(directory, forge).push(bot, PLAN.formatted("echo done"));
            await().atMost(Duration.ofMinutes(1))
                    .untilAsserted(
                            () -> assertThat(forge.states(commit, "airlock")).endsWith("error"));
            assertThat(host.started()).isEmpty();
            assertThat(bot.get("/runs/" + bot.runs().getFirst())).contains("airlock secret set");
        }
    }
}
