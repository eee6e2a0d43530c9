package airlock.config;

import static airlock.config.ConfigFixture.SMALL;
import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RetentionSectionTest {
    private final ConfigFixture fixture;

    RetentionSectionTest(@TempDir Path directory) {
        fixture = new ConfigFixture(directory);
    }

    @ParameterizedTest
    @EnumSource(RetainedKind.class)
    void eachKindHasAnAgeAQuotaAndATotalOfItsOwn(RetainedKind kind) {
        String text =
                "retention: {KEY_age: 7d, KEY_quota: 3 MiB, KEY_total: 4 MiB}\n"
                        .replace("KEY", kind.key());
        var housekeeping = fixture.config(SMALL + text).housekeeping();
        for (RetainedKind each : RetainedKind.values()) {
            var kept = housekeeping.each();
            boolean mine = each == kind;
            assertThat(kept.age(each)).isEqualTo(mine ? Duration.ofDays(7) : each.standard().age());
            assertThat(kept.quota(each)).isEqualTo(mine ? 3L << 20 : each.standard().quota());
            assertThat(housekeeping.total(each))
                    .isEqualTo(mine ? 4L << 20 : each.standard().total());
        }
    }

    @Test
    void aRepositorysRetentionStandsOverTheCommonOne() {
        String text =
                SMALL
                        + "  retention: {log_age: 2d}\n"
                        + "retention: {log_age: 9d, log_quota: 8 MiB, reserve: 1 GiB, tidy_every:"
                        + " 2h}\n";
        var config = fixture.config(text);
        var own = config.retention("berg/Alice/hello");
        assertThat(own.age(RetainedKind.LOGS)).isEqualTo(Duration.ofDays(2));
        assertThat(own.quota(RetainedKind.LOGS)).isEqualTo(8L << 20);
        assertThat(config.retention("berg/bob/gone").age(RetainedKind.LOGS))
                .isEqualTo(Duration.ofDays(9));
        assertThat(config.housekeeping().reserve()).isEqualTo(1L << 30);
        assertThat(config.housekeeping().every()).isEqualTo(Duration.ofHours(2));
    }

    @Test
    void runsFromOutsideHaveAQuotaWithinThatOfTheRepository() {
        String text =
                SMALL
                        + "  retention: {blob_outside_quota: 5 MiB}\n"
                        + "retention: {log_outside_quota: 7 MiB, blob_quota: 9 MiB}\n";
        var config = fixture.config(text);
        var own = config.retention("berg/Alice/hello");
        assertThat(own.outsideQuota(RetainedKind.LOGS)).isEqualTo(7L << 20);
        assertThat(own.outsideQuota(RetainedKind.BLOBS)).isEqualTo(5L << 20);
        assertThat(config.retention("berg/bob/gone").outsideQuota(RetainedKind.BLOBS))
                .isEqualTo(9L << 20);
        assertThat(only(fixture.problems(SMALL + "retention: {delivery_outside_quota: 1 MiB}\n")))
                .contains("delivery_outside_quota");
    }

    @Test
    void everyMistakeIsToldAndARepositoryHasNoTotals() {
        String text =
                SMALL
                        + "  retention: {log_total: 1 GiB}\n"
                        + "retention: {log_age: 3, blob_quota: 5 pounds, reserve: 10 B}\n";
        assertThat(fixture.problems(text))
                .hasSize(4)
                .anyMatch(problem -> problem.contains("log_total"))
                .anyMatch(problem -> problem.contains("log_age"))
                .anyMatch(problem -> problem.contains("blob_quota"))
                .anyMatch(problem -> problem.contains("reserve"));
    }
}
