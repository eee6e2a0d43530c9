package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QemuVersionTest {
    @Test
    void theBuildsOfDebianAreRead() {
        assertThat(
                        QemuVersion.printed(
                                "QEMU emulator version 10.0.13 (Debian 1:10.0.13+ds-0+deb13u1)\n"))
                .contains(new QemuVersion(10, 0, 13));
        assertThat(QemuVersion.printed("QEMU emulator version 9.2.50 (v9.2.0-1-gabc)"))
                .contains(new QemuVersion(9, 2, 50));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "10", "10.", "10.0.", "v10.0", "10.0.13-1", "99999999999.0", "10.0 "})
    void whatIsNoVersionIsNone(String text) {
        assertThat(QemuVersion.of(text)).isEmpty();
    }

    @Test
    void numbersAreComparedAndNotLetters() {
        var versions = new ArrayList<QemuVersion>();
        for (var text : List.of("10.0.13", "9.2", "10.0.2", "10.1", "7.2.19")) {
            versions.add(QemuVersion.of(text).orElseThrow());
        }
        assertThat(versions.stream().sorted().map(QemuVersion::toString))
                .containsExactly("7.2.19", "9.2.0", "10.0.2", "10.0.13", "10.1.0");
    }
}
