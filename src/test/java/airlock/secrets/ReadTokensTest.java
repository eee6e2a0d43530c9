package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.RepositoryId;
import airlock.event.Secret;
import airlock.secrets.ReadTokens.ReadToken;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadTokensTest extends SecretsFixture {
    private static final RepositoryId SHIP = REPOSITORY;
    private static final RepositoryId BUOY = new RepositoryId("codeberg", "8");
    private static final Duration WEEK = Duration.ofDays(7);

    private ReadTokens tokens;
    private Instant now = Instant.parse("2026-11-24T10:00:00Z");

    @BeforeEach
    void open() {
        tokens = new ReadTokens(database, () -> now);
    }

    private Secret made(String name, RepositoryId... repositories) {
        return tokens.make(name, List.of(repositories), WEEK, "ada").orElseThrow();
    }

    @Test
    void aTokenOpensItsRepositoriesAndNoOther() {
        var one = made("one", SHIP);
        var both = made("both", BUOY, SHIP, BUOY);
        assertThat(tokens.openedBy(one)).containsExactly(SHIP);
        assertThat(tokens.openedBy(both)).containsExactlyInAnyOrder(SHIP, BUOY);
        assertThat(tokens.list())
                .containsExactly(
                        new ReadToken("both", List.of(SHIP, BUOY), "ada", now, now.plus(WEEK)),
                        new ReadToken("one", List.of(SHIP), "ada", now, now.plus(WEEK)));
    }

    @Test
    void tokensAreLongRandomAndNeverTheSame() {
        var seen = new HashSet<String>();
        for (int i = 0; i < 50; i++) {
            String text = made("token-" + i, SHIP).reveal();
            assertThat(text).matches("airlock_[0-9a-f]{64}");
            assertThat(seen.add(text)).isTrue();
        }
    }

    @Test
    void aTokenIsNowhereOnTheDisk() throws IOException {
        String token = made("one", SHIP).reveal();
        assertThat(onDisk())
                .anySatisfy(text -> assertThat(text).as("its row").contains("codeberg:7"))
                .allSatisfy(
                        text ->
                                assertThat(text)
                                        .doesNotContain(token.substring("airlock_".length())));
    }

    @Test
    void anExpiredTokenOpensNothing() {
        var token = made("one", SHIP);
        now = now.plus(WEEK).minusMillis(1);
        assertThat(tokens.openedBy(token)).containsExactly(SHIP);
        now = now.plusMillis(1);
        assertThat(tokens.openedBy(token)).isEmpty();
        assertThat(tokens.list()).singleElement().matches(listed -> !listed.isValid(now));
    }

    @Test
    void aClockThatIsSetBackGivesNoTokenALongerLifeThanADayMore() {
        var token = made("one", SHIP);
        now = now.minus(Duration.ofHours(23));
        assertThat(tokens.openedBy(token)).containsExactly(SHIP);
        now = now.minus(Duration.ofHours(2));
        assertThat(tokens.openedBy(token)).isEmpty();
    }

    @Test
    void aRevokedTokenOpensNothingAndItsNameIsFree() {
        var token = made("one", SHIP, BUOY);
        assertThat(tokens.revoke("one")).isTrue();
        assertThat(tokens.openedBy(token)).isEmpty();
        assertThat(tokens.revoke("one")).isFalse();
        var next = made("one", BUOY);
        assertThat(tokens.openedBy(next)).containsExactly(BUOY);
        assertThat(tokens.openedBy(token)).isEmpty();
    }

    @Test
    void aNameIsTakenOnce() {
        var token = made("one", SHIP);
        assertThat(tokens.make("one", List.of(BUOY), WEEK, "eve")).isEmpty();
        assertThat(tokens.openedBy(token)).containsExactly(SHIP);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "airlock_",
                "x",
                "' OR 1 = 1 --",
                "airlock_0000000000000000000000000000000000000000000000000000000000000000",
                "AIRLOCK_0000000000000000000000000000000000000000000000000000000000000000"
            })
    void whatIsNoTokenOpensNothing(String text) {
        made("one", SHIP);
        assertThat(tokens.openedBy(new Secret(text))).isEmpty();
    }

    @Test
    void oneChangedDigitOpensNothing() {
        String token = made("one", SHIP).reveal();
        for (int i = 8; i < token.length(); i++) {
            char other = token.charAt(i) == '0' ? '1' : '0';
            var changed = new Secret(token.substring(0, i) + other + token.substring(i + 1));
            assertThat(tokens.openedBy(changed)).isEqualTo(Set.of());
        }
    }

    @Test
    void whatCanNotBeATokenIsRefusedWithTheReason() {
        assertThatThrownBy(() -> tokens.make("Not A Name", List.of(SHIP), WEEK, "ada"))
                .hasMessageContaining("'Not A Name'");
        for (var life : List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(4000))) {
            assertThatThrownBy(() -> tokens.make("one", List.of(SHIP), life, "ada"))
                    .hasMessageContaining("a life of 1 to 3660 days");
        }
        assertThatThrownBy(() -> tokens.make("one", List.of(), WEEK, "ada"))
                .hasMessageContaining("needs a repository");
    }

    @Test
    void aTokenPrintsAsStars() {
        assertThat(tokens.make("one", List.of(SHIP), WEEK, "ada").toString())
                .contains("***")
                .doesNotContain("airlock_");
    }
}
