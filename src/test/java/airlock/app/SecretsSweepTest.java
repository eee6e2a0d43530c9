package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Command;
import airlock.vm.Drive;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A whole run with secrets of every kind, and a search for them in all that it left.
final class SecretsSweepTest extends OnForge {
    private static final String TOKEN = "tok-3f9a1c77e2";
    private static final String PASSWORD = "pass-8b21d0f4aa";
    private static final String FILE = "login = 5d7c6f\nsecret-line-0917\n";
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

    private static void fill(Bot bot) {
        bot.keep("", "registry", TOKEN);
        bot.keep("", "PASSWORD", PASSWORD);
        bot.keep("", "dput.cf", FILE);
        assertThat(bot.newKey("deploy")).isNotEmpty();
    }

    private String run(Bot bot, String last, String state) throws Exception {
        fill(bot);
        awaitState(push(bot, PLAN.formatted(last)), "airlock", state);
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
        try (var bot = Bot.start(directory, forge, host, Bot.NO_BOOT, CONFIG)) {
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
        try (var bot = Bot.start(directory, forge, host, Bot.NO_BOOT, CONFIG)) {
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
        try (var bot = Bot.start(directory, forge, host, Bot.NO_BOOT, CONFIG)) {
            run(bot, "exit 3", "failure");
            assertThat(drives()).containsExactly("pre-plan true");
            assertThat(Sweep.of(PASSWORD).files(directory)).isEmpty();
        }
    }

    @Test
    void whereASecretIsMissingThePhaseBreaksWithWhatToDoBeforeAnyMachineStarts() throws Exception {
        try (var bot = Bot.start(directory, forge, host, Bot.NO_BOOT, CONFIG)) {
            awaitState(push(bot, PLAN.formatted("echo done")), "airlock", "error");
            assertThat(host.started()).isEmpty();
            assertThat(bot.get("/runs/" + bot.runs().getFirst())).contains("airlock secret set");
        }
    }
}
