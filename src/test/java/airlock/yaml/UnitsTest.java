package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitsTest {
    @ParameterizedTest
    @CsvSource({
        "0,0",
        "17,17",
        "3 B,3",
        "10 MB,10000000",
        "10MB,10000000",
        "1 kB,1000",
        "1 KiB,1024",
        "2 MiB,2097152",
        "1 GiB,1073741824",
        "1 GB,1000000000",
        "1 TiB,1099511627776"
    })
    void sizesAreBytes(String text, long bytes) {
        assertThat(Units.size(text).longValueExact()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "1G", "1 gib", "-1", "1.5 GiB", "1  GiB", "GiB", "9999999999999999999"})
    void whatIsNoSizeSaysWhichUnitsThereAre(String text) {
        assertThatThrownBy(() -> Units.size(text)).hasMessageContaining("is not a size (units: kB");
    }

    @ParameterizedTest
    @CsvSource({"30s,30", "10m,600", "2h,7200", "1d,86400", "5 m,300"})
    void durationsAreSeconds(String text, long seconds) {
        assertThat(Units.seconds(text).longValueExact()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "m", "1M", "1w", "1h30m", "-5m"})
    void whatIsNoDurationSaysWhichUnitsThereAre(String text) {
        assertThatThrownBy(() -> Units.seconds(text))
                .hasMessageContaining("is not a duration (units: s, m, h, d)");
    }

    @ParameterizedTest
    @CsvSource({"0,0 B", "1023,1023 B", "2000,2 kB", "1048576,1 MiB", "10737418240,10 GiB"})
    void sizesAreShownWithTheLargestUnitThatFits(long bytes, String text) {
        assertThat(Units.showSize(bytes)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"0,0s", "59,59s", "90,90s", "120,2m", "7200,2h", "86400,1d"})
    void durationsAreShownWithTheLargestUnitThatFits(long seconds, String text) {
        assertThat(Units.showDuration(Duration.ofSeconds(seconds))).isEqualTo(text);
    }

    @Test
    void integersOfTheCoreSchemaAreRead() {
        assertThat(Units.integer("0x1f").intValueExact()).isEqualTo(31);
        assertThat(Units.integer("0o17").intValueExact()).isEqualTo(15);
        assertThat(Units.integer("-017").intValueExact()).isEqualTo(-17);
        assertThat(Units.integer("+4").intValueExact()).isEqualTo(4);
        assertThatThrownBy(() -> Units.integer("1".repeat(41)))
                .hasMessageContaining("too many digits");
    }
}
