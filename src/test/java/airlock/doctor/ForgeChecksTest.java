package airlock.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.machine.Finding;
import airlock.machine.Finding.Level;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class ForgeChecksTest {
    private static final String DATE = "Fri, 27 Nov 2026 12:00:00 GMT";
    private static final Instant NOW = Instant.parse("2026-11-27T12:00:10Z");

    private static final Path RECORDINGS = Path.of("src/test/resources/recordings/gitea/api");

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
        return configOf("gitea", repositories);
    }

    private AirlockConfig configOf(String kind, String... repositories) throws IOException {
        String url = "http://127.0.0.1:" + forge.getPort();
        var text =
                new StringBuilder(
                        """
                        base_url: https://ci.example.org
                        forges: {home: {kind: %s, url: "%s", token: {env: T}}}
                        repositories:
                        """
                                .formatted(kind, url));
        for (String name : repositories) {
            text.append(
                    "  - {name: %s, forge: home, url: %s/x.git, hook_secret: {env: T}}\n"
                            .formatted(name, url));
        }
        Path file = Files.writeString(directory.resolve("airlock.yaml"), text);
        return ReadingFixture.value(
                new ConfigReader(Map.of("T", "0123456789abcdef0123")).read(file));
    }

    private Finding lookAtGithub() throws IOException {
        var config = configOf("github", "a/b");
        return new ForgeChecks(() -> now).look(config).getFirst();
    }

    private void answers(MockResponse answer) {
        forge.enqueue(answer);
    }

    /// As a real Gitea 1.25.5 answered.
    private static MockResponse recorded(String name) throws IOException {
        var response =
                new JsonMapper()
                        .readTree(Files.readString(RECORDINGS.resolve(name + ".json")))
                        .path("response");
        var answer = new MockResponse.Builder().code(response.path("status").intValue());
        response.path("headers")
                .path("Location")
                .forEach(to -> answer.addHeader("Location", to.stringValue()));
        JsonNode body = response.path("body");
        return answer.body(body.isString() ? body.stringValue() : body.toString()).build();
    }

    private static String permissions(boolean push) {
        return "{\"permissions\":{\"admin\":false,\"push\":%s,\"pull\":true}}".formatted(push);
    }

    /// The repository, and what a status for a commit that does not exist gets after the checks of
    /// rights (recording 107).
    private void mayWrite() {
        answers(200, permissions(true));
        answers(500, "{\"message\":\"\"}");
    }

    @Test
    void aTokenThatMayWriteAndAClockThatAgreesAreFine() throws Exception {
        mayWrite();
        assertThat(look("alice/hello"))
                .containsExactly(
                        Finding.good("token for home/alice/hello", "may write"),
                        Finding.good("clock against home", "they agree"));
        assertThat(forge.takeRequest().getTarget()).isEqualTo("/api/v1/repos/alice/hello");
        var probe = forge.takeRequest();
        assertThat(probe.getTarget())
                .as("a commit that no repository has, so nothing is stored")
                .isEqualTo("/api/v1/repos/alice/hello/statuses/" + "0".repeat(40));
        assertThat(probe.getMethod()).isEqualTo("POST");
    }

    @Test
    void theAnswersOfARealGiteaTellATokenWithTheScopeFromOneWithout() throws IOException {
        answers(200, permissions(true));
        answers(recorded("107-status-zero-sha"));
        assertThat(look("alice/hello").getFirst().seen()).isEqualTo("may write");
        answers(200, permissions(true));
        answers(recorded("128-status-token-scope-read-repository"));
        var finding = look("alice/hello").getFirst();
        assertThat(finding.level()).isEqualTo(Level.BAD);
        assertThat(finding.seen())
                .startsWith("may not set statuses")
                .contains("required=[write:repository], token scope=read:repository");
        assertThat(finding.cure()).isEqualTo("give the token the scope write:repository");
    }

    @Test
    void aUserWhoMayOnlyReadIsAFindingAndItsCureIsNotThatOfAScope() throws IOException {
        answers(200, permissions(false));
        var finding = look("alice/hello").getFirst();
        assertThat(finding.level()).isEqualTo(Level.BAD);
        assertThat(finding.seen()).contains("no status can be set");
        assertThat(finding.cure()).isEqualTo("give the token's user write access to alice/hello");
    }

    @Test
    void githubsMissingPermissionIsAFindingWithThePermissionsName() throws IOException {
        answers(200, permissions(true));
        answers(403, "{\"message\":\"Resource not accessible by personal access token\"}");
        assertThat(lookAtGithub().cure()).contains("Commit statuses: read and write");
        answers(200, permissions(true));
        forge.enqueue(
                new MockResponse.Builder()
                        .code(404)
                        .addHeader("X-OAuth-Scopes", "read:org, gist")
                        .body("{\"message\":\"Not Found\"}")
                        .build());
        assertThat(lookAtGithub().seen())
                .startsWith("may not set statuses")
                .contains("the token's scopes: read:org, gist");
        answers(200, permissions(true));
        answers(422, "{\"message\":\"No commit found for SHA: 0000\"}");
        assertThat(lookAtGithub()).isEqualTo(Finding.good("token for home/a/b", "may write"));
    }

    @Test
    void eachCauseHasTheCureThatFitsItAndTheOthersAreAskedForAllTheSame() throws IOException {
        answers(403, "{\"message\":\"token does not have at least one of required scope(s)\"}");
        answers(404, "{}");
        mayWrite();
        var findings = look("alice/b", "alice/c", "alice/d");
        assertThat(findings).extracting(Finding::isGood).containsExactly(false, false, true, true);
        assertThat(findings.get(0).seen()).contains("403", "required scope");
        assertThat(findings.get(0).cure()).contains("the scope write:repository");
        assertThat(findings.get(1).seen()).contains("404", "may not see it");
        assertThat(findings.get(1).cure())
                .contains("`name: alice/c`", "access")
                .doesNotContain("scope");
    }

    @Test
    void aTokenThatTheForgeRefusesIsOneFindingAboutTheForgeAndANewTokenItsCure()
            throws IOException {
        answers(401, "{\"message\":\"invalid username, password or token\"}");
        var findings = look("alice/a", "alice/b");
        assertThat(findings).hasSize(2);
        assertThat(findings.getFirst().what()).isEqualTo("token of forge home");
        assertThat(findings.getFirst().seen()).contains("401", "wrong or has expired");
        assertThat(findings.getFirst().cure())
                .contains("make a new token", "forge 'home'")
                .doesNotContain("scope");
    }

    @Test
    void ofARenamedRepositoryItTellsTheNewNameAndDoesNotBlameTheToken() throws IOException {
        answers(recorded("071-repo-get-old-name"));
        var finding = look("alice/before").getFirst();
        assertThat(finding.what()).isEqualTo("name of home/alice/before");
        assertThat(finding.seen()).isEqualTo("the forge has renamed it to alice/after");
        assertThat(finding.cure())
                .contains("`name` and `url`", "https://ci.example.org/hooks/home/alice/after")
                .doesNotContain("token");
    }

    @Test
    void githubRedirectsByIdAndTheNewNameIsAskedForThere() throws Exception {
        forge.enqueue(
                new MockResponse.Builder()
                        .code(301)
                        .addHeader(
                                "Location",
                                "http://127.0.0.1:" + forge.getPort() + "/api/v3/repositories/4")
                        .body("{\"message\":\"Moved Permanently\"}")
                        .build());
        answers(200, "{\"id\":4,\"full_name\":\"a/after\"}");
        assertThat(lookAtGithub().seen()).isEqualTo("the forge has renamed it to a/after");
    }

    @Test
    void aRedirectToAnotherPlaceIsNotFollowedWithTheToken() throws Exception {
        try (var other = new MockWebServer()) {
            other.start();
            forge.enqueue(
                    new MockResponse.Builder()
                            .code(301)
                            .addHeader(
                                    "Location",
                                    "http://127.0.0.1:" + other.getPort() + "/api/v1/repos/a/b")
                            .build());
            assertThat(look("alice/before").getFirst().seen()).contains("another place");
            assertThat(other.getRequestCount()).isZero();
        }
    }

    @Test
    void anotherDefaultBranchThanTheConfiguredOneIsAWarning() throws IOException {
        answers(200, "{\"permissions\":{\"push\":true},\"default_branch\":\"master\"}");
        answers(500, "{}");
        assertThat(look("alice/hello"))
                .contains(
                        Finding.warning(
                                "default branch of home/alice/hello",
                                "the forge says 'master' and the configuration 'main', which badge,"
                                        + " secrets and post_plan follow",
                                "set `default_branch: master` if that is the one you mean"));
    }

    @Test
    void aServerThatStartsLearnsOfARefusedTokenAndNothingOfOneThatIsTaken() throws IOException {
        var config = config("alice/a", "alice/b");
        var home = Objects.requireNonNull(config.forges().get("home"));
        answers(401, "{\"message\":\"bad\"}");
        assertThat(new ForgeChecks(() -> now).refusedToken(config, home))
                .hasValueSatisfying(
                        line -> assertThat(line).contains("401", "no status", "make a new token"));
        answers(200, permissions(true));
        assertThat(new ForgeChecks(() -> now).refusedToken(config, home)).isEmpty();
    }

    @Test
    void aClockThatIsOffIsAFindingInBothDirections() throws IOException {
        now = NOW.plusSeconds(90);
        mayWrite();
        assertThat(look("alice/hello").getLast().seen()).isEqualTo("this machine's is 100 s ahead");
        now = NOW.minusSeconds(86_410);
        mayWrite();
        var finding = look("alice/hello").getLast();
        assertThat(finding.level()).isEqualTo(Level.BAD);
        assertThat(finding.seen()).isEqualTo("this machine's is 86400 s behind");
        assertThat(finding.cure()).contains("set-ntp");
    }

    @Test
    void aForgeThatDoesNotAnswerIsOneFindingHoweverManyRepositoriesItHas() throws IOException {
        var config = config("alice/a", "alice/b");
        forge.close();
        var findings = new ForgeChecks(() -> now).look(config);
        assertThat(findings).hasSize(1);
        assertThat(findings.getFirst().level()).isEqualTo(Level.BAD);
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
        assertThat(findings.getFirst().what()).isEqualTo("forge home");
        assertThat(findings.getFirst().seen()).contains("not JSON");
    }
}
