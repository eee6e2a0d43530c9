package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class HookSecretsTest extends SecretsFixture {
    private static final String HOOK = "forge/alice/hello";

    private HookSecrets secrets;
    private Instant now = Instant.parse("2026-11-27T12:00:00Z");

    @BeforeEach
    void open() {
        secrets = fresh();
    }

    private HookSecrets fresh() {
        return new HookSecrets(database, () -> now, keyFile());
    }

    @Test
    void aHookHasNoneUntilOneIsMadeAndThenTheSameAfterARestart() {
        assertThat(secrets.of(HOOK)).isEmpty();

        var made = secrets.make(HOOK, Duration.ofHours(1), "ann");

        assertThat(made.reveal()).matches("[0-9a-f]{64}");
        assertThat(secrets.of(HOOK)).containsExactly(made);
        assertThat(fresh().of(HOOK)).containsExactly(made);
        assertThat(secrets.of("forge/alice/other")).isEmpty();
    }

    @Test
    void t8TwoAreGoodWhileOneReplacesTheOtherAndThenOneAlone() {
        var first = secrets.make(HOOK, Duration.ofHours(1), "ann");
        var second = secrets.make(HOOK, Duration.ofHours(1), "ann");

        assertThat(secrets.of(HOOK)).containsExactly(second, first);
        now = now.plus(Duration.ofHours(1));
        assertThat(secrets.of(HOOK)).containsExactly(second);
        assertThat(fresh().of(HOOK)).containsExactly(second);
    }

    @Test
    void ofThreeTheFirstIsGoodNoLonger() {
        secrets.make(HOOK, Duration.ofHours(1), "ann");
        var second = secrets.make(HOOK, Duration.ofHours(1), "ann");
        var third = secrets.make(HOOK, Duration.ofHours(1), "ann");

        assertThat(secrets.of(HOOK)).containsExactly(third, second);
    }

    @Test
    void noneIsOnTheDiskInTheClear() throws Exception {
        var made = secrets.make(HOOK, Duration.ofHours(1), "ann");
        database.close();

        assertThat(onDisk())
                .isNotEmpty()
                .allSatisfy(text -> assertThat(text).doesNotContain(made.reveal()));
    }
}
