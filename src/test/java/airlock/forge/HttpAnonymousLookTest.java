package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.ForgeKind;
import airlock.forge.AnonymousLook.Answer;
import airlock.yaml.Mutations;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpAnonymousLookTest {
    private static final ForgeRepository WIDGET = MockForge.WIDGET;
    private static final String PUBLIC = "{\"id\": 2, \"private\": false, \"internal\": false}";

    @ParameterizedTest
    @EnumSource(ForgeKind.class)
    void whatItShowsToNobodyInParticularIsPublicAndNoTokenIsSent(ForgeKind kind) throws Exception {
        try (var forge = new MockForge(kind).answers(200, PUBLIC)) {
            assertThat(forge.look().look(WIDGET)).isEqualTo(new Answer.Shown());
            var request = forge.request();
            assertThat(request.getTarget()).endsWith("/repos/alice/widget");
            assertThat(request.getHeaders().get("Authorization")).isNull();
            assertThat(request.getHeaders().toString()).doesNotContain("a-secret-token");
        }
    }

    @Test
    void aRepositoryThatTookItsNameIsAnother() {
        try (var forge = new MockForge(ForgeKind.GITEA).answers(200, PUBLIC.replace("2", "3"))) {
            assertThat(forge.look().look(WIDGET))
                    .isInstanceOfSatisfying(
                            Answer.Hidden.class,
                            hidden -> assertThat(hidden.why()).contains("another repository's"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "internal"})
    void whatIsCalledPrivateIsNotPublicThoughItIsShown(String mark) {
        String body = "{\"id\": 2, \"%s\": true}".formatted(mark);
        try (var forge = new MockForge(ForgeKind.GITEA).answers(200, body)) {
            assertThat(forge.look().look(WIDGET)).isInstanceOf(Answer.Hidden.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404, 410, 451})
    void whatIsRefusedIsHidden(int status) {
        try (var forge = new MockForge(ForgeKind.GITEA).answers(status, PUBLIC)) {
            assertThat(forge.look().look(WIDGET)).isInstanceOf(Answer.Hidden.class);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 302, 303, 307, 308})
    void aRedirectIsNotFollowed(int status) {
        try (var forge =
                new MockForge(ForgeKind.GITEA)
                        .answers(status, "", "Location: /api/v1/repos/alice/gadget")
                        .answers(200, PUBLIC)) {
            assertThat(forge.look().look(WIDGET)).isInstanceOf(Answer.Hidden.class);
            assertThat(forge.requests()).isEqualTo(1);
        }
    }

    @Test
    void aForgeThatIsAwayTellsNothing() {
        try (var forge =
                new MockForge(ForgeKind.GITEA)
                        .answers(500, "")
                        .answers(502, "")
                        .dropsTheConnection()
                        .dropsTheConnection()) {
            for (int i = 0; i < 3; i++) {
                assertThat(forge.look().look(WIDGET))
                        .isInstanceOfSatisfying(
                                Answer.Unclear.class,
                                unclear -> assertThat(unclear.pause()).isZero());
            }
        }
    }

    @Test
    void aForgeThatIsSlowIsGivenUp() {
        try (var forge = new MockForge(ForgeKind.GITEA).answersLater(Duration.ofMinutes(1))) {
            assertThat(forge.look(Duration.ofMillis(200)).look(WIDGET))
                    .isInstanceOf(Answer.Unclear.class);
        }
    }

    @Test
    void aLimitSaysHowLongToWait() {
        String reset = "x-ratelimit-reset: " + MockForge.NOW.plusSeconds(600).getEpochSecond();
        try (var forge =
                new MockForge(ForgeKind.GITHUB)
                        .answers(403, "{}", "x-ratelimit-remaining: 0", reset)
                        .answers(429, "{}", "Retry-After: 77")
                        .answers(429, "{}")) {
            for (var pause :
                    new Duration[] {
                        Duration.ofSeconds(600), Duration.ofSeconds(77), Duration.ofMinutes(5)
                    }) {
                assertThat(forge.look().look(WIDGET))
                        .isInstanceOfSatisfying(
                                Answer.Unclear.class,
                                unclear -> assertThat(unclear.pause()).isEqualTo(pause));
            }
        }
    }

    @Test
    void noSpoiledAnswerShowsAnotherRepository() {
        var random = new Random(20261127);
        byte[] good = PUBLIC.replace("2", "77777").getBytes(StandardCharsets.UTF_8);
        try (var forge = new MockForge(ForgeKind.GITEA)) {
            for (int i = 0; i < 300; i++) {
                byte[] bad = Mutations.of(good, random);
                forge.answers(200, new String(bad, StandardCharsets.ISO_8859_1));
                assertThat(forge.look().look(WIDGET)).isNotInstanceOf(Answer.Shown.class);
            }
        }
    }
}
