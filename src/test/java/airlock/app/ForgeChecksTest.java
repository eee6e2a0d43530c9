package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.config.ConfigReading;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ForgeChecksTest {
    private static final String DATE = "Fri, 27 Nov 2026 12:00:00 GMT";
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:10Z");

    @TempDir Path directory;
    private final MockWebServer forge = new MockWebServer();
    private Instant now = NOW;

    @BeforeEach
    void start() throws IOException {
        forge.start();
    }

    @AfterEach
    void stop() {
        forge.close();
    }

    private void answers(int status, String body) {
        forge.enqueue(
                new MockResponse.Builder().code(status).addHeader("Date", DATE).body(body).build());
    }

    private List<Finding> look(String... repositories) throws IOException {
        return new ForgeChecks(() -> now).look(config(repositories));
    }

    private AirlockConfig config(String... repositories) throws IOException {
        String url = "http://127.0.0.1:" + forge.getPort();
        var text =
                new StringBuilder(
                        """
                        base_url: https://ci.example.org
                        forges: {home: {kind: gitea, url: "%s", token: {env: T}}}
                        repositories:
                        """
                                .formatted(url));
        for (String name : repositories) {
            text.append(
                    "  - {name: %s, forge: home, url: %s/x.git, hook_secret: {env: T}}\n"
                            .formatted(name, url));
        }
        Path file = Files.writeString(directory.resolve("airlock.yaml"), text);
        return switch (new ConfigReader(Map.of("T", "0123456789abcdef0123")).read(file)) {
            case ConfigReading.Read read -> read.config();
            case ConfigReading.Invalid invalid -> throw new AssertionError(invalid.problems());
        };
    }

    private static String permissions(boolean push) {
        return "{\"permissions\":{\"admin\":false,\"push\":%s,\"pull\":true}}".formatted(push);
    }

    @Test
    void aTokenThatMayWriteAndAClockThatAgreesAreFine() throws Exception {
        answers(200, permissions(true));
        assertThat(look("alice/hello"))
                .containsExactly(
                        Finding.good("token for home/alice/hello", "may write"),
                        Finding.good("clock against home", "they agree"));
        var asked = forge.takeRequest();
        assertThat(asked.getTarget()).isEqualTo("/api/v1/repos/alice/hello");
    }

    @Test
    void aTokenThatMayOnlyReadIsAFindingThatNamesTheScope() throws IOException {
        answers(200, permissions(false));
        var finding = look("alice/hello").getFirst();
        assertThat(finding.good()).isFalse();
        assertThat(finding.seen()).contains("no status can be set");
        assertThat(finding.cure()).contains("write:repository");
    }

    @Test
    void aTokenThatIsWrongOrMayNotSeeARepositoryIsAFindingAndTheOthersAreAskedForAllTheSame()
            throws IOException {
        answers(401, "{\"message\":\"token is required\"}");
        answers(403, "{\"message\":\"token does not have at least one of required scope(s)\"}");
        answers(404, "{}");
        answers(200, permissions(true));
        var findings = look("alice/a", "alice/b", "alice/c", "alice/d");
        assertThat(findings)
                .extracting(Finding::good)
                .containsExactly(false, false, false, true, true);
        assertThat(findings.get(0).seen()).contains("401", "wrong or has expired");
        assertThat(findings.get(1).seen()).contains("403", "required scope");
        assertThat(findings.get(2).seen()).contains("404", "may not see it");
    }

    @Test
    void aClockThatIsOffIsAFindingInBothDirections() throws IOException {
        now = NOW.plusSeconds(90);
        answers(200, permissions(true));
        assertThat(look("alice/hello").getLast().seen()).isEqualTo("this machine's is 100 s ahead");
        now = NOW.minusSeconds(86_410);
        answers(200, permissions(true));
        var finding = look("alice/hello").getLast();
        assertThat(finding.good()).isFalse();
        assertThat(finding.seen()).isEqualTo("this machine's is 86400 s behind");
        assertThat(finding.cure()).contains("set-ntp");
    }

    @Test
    void aForgeThatDoesNotAnswerIsOneFindingHoweverManyRepositoriesItHas() throws IOException {
        var config = config("alice/a", "alice/b");
        forge.close();
        var findings = new ForgeChecks(() -> now).look(config);
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().good()).isFalse();
        assertThat(findings.getFirst().cure()).contains("can this machine reach it?");
    }

    @Test
    void anAnswerThatIsNoJsonAndATimeThatIsNoneAreBorne() throws IOException {
        forge.enqueue(
                new MockResponse.Builder()
                        .code(200)
                        .addHeader("Date", "yesterday")
                        .body("<html>")
                        .build());
        var findings = look("alice/hello");
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().seen()).contains("no JSON");
    }
}
