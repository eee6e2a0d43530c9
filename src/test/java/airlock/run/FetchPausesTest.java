package airlock.run;

import airlock.event.RepositoryId;
import airlock.run.RequestWorker.FetchPauses;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import static org.assertj.core.api.Assertions.assertThat;

final class FetchPausesTest {
    private static final RepositoryId AWAY = new RepositoryId("forge", "1");
    private static final RepositoryId OTHER = new RepositoryId("forge", "2");

    private final FetchPauses pauses = new FetchPauses();

    @Test
    void eachPauseIsTwiceAsLongUpToALongest() {
        assertThat(Stream.generate(() -> pauses.afterFailure(AWAY.toString())).limit(5))
                .containsExactly(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(20),
                        Duration.ofSeconds(40),
                        Duration.ofSeconds(40));
    }

    @Test
    void aFetchThatGetsThroughBeginsAnew() {
        pauses.afterFailure(AWAY.toString());
        pauses.afterFailure(AWAY.toString());
        pauses.over(AWAY, false);

        assertThat(pauses.afterFailure(AWAY.toString())).isEqualTo(FetchPauses.FIRST);
    }

    @Test
    void oneRepositoryDoesNotWaitForAnother() {
        pauses.afterFailure(AWAY.toString());

        assertThat(pauses.afterFailure(OTHER.toString())).isEqualTo(FetchPauses.FIRST);
    }

    @Test
    void changesFromOutsideHavePausesOfTheirOwn() {
        pauses.afterFailure(FetchPauses.of(AWAY, true));
        pauses.over(AWAY, false);

        assertThat(pauses.afterFailure(FetchPauses.of(AWAY, false))).isEqualTo(FetchPauses.FIRST);
        assertThat(pauses.afterFailure(FetchPauses.of(AWAY, true)))
                .isEqualTo(FetchPauses.FIRST.multipliedBy(2));
    }
}
