package airlock.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// systemd reads deploy/airlock.service without a complaint and calls it well confined.
class SystemdUnitTest {
    private static final String INSTALLED = "/opt/airlock/bin/airlock";

    /// In tenths, as systemd-analyze counts from 0 (safe) to 10; what is left out stands in the
    /// unit.
    private static final int MOST_EXPOSED = 33;

    @TempDir Path temp;

    @BeforeEach
    void systemdIsThere() {
        assumeTrue(
                Programs.hasProgram("systemd-analyze"),
                "systemd-analyze is not installed: apt-get install systemd");
    }

    @Test
    void theUnitIsValid() throws IOException {
        assertThat(
                        Programs.run(
                                "systemd-analyze",
                                "verify",
                                unit(House.read("deploy/airlock.service"))))
                .isEmpty();
    }

    /// systemd's own limit, five starts in ten seconds, would leave a server down for good.
    @Test
    void aServerIsStartedAgainHoweverOftenItWasKilledAndLaterEachTime() throws IOException {
        var settings = new Properties();
        settings.load(new StringReader(House.read("deploy/airlock.service")));
        assertThat(settings)
                .containsEntry("StartLimitIntervalSec", "0")
                .containsEntry("Restart", "on-failure")
                .containsEntry("RestartSec", "1")
                .containsEntry("RestartSteps", "8")
                .containsEntry("RestartMaxDelaySec", "60")
                .doesNotContainKey("StartLimitBurst");
    }

    @Test
    void aMisspelledSettingIsFound() throws IOException {
        String wrong =
                House.read("deploy/airlock.service").replace("ProtectHome=", "ProtectHouse=");
        assertThat(Programs.output("systemd-analyze", "verify", unit(wrong)))
                .contains("ProtectHouse");
    }

    @Test
    void itsExposureStaysLow() throws IOException {
        String unit = unit(House.read("deploy/airlock.service"));
        String table =
                Programs.run(
                        "systemd-analyze",
                        "security",
                        "--offline=true",
                        "--threshold=" + MOST_EXPOSED,
                        unit);
        assertThat(table).contains("Overall exposure level");
    }

    /// A copy whose program is this checkout's launcher, since /opt/airlock is not there.
    private String unit(String text) throws IOException {
        assertThat(text).contains("ExecStart=" + INSTALLED + " serve");
        Path unit = temp.resolve("airlock.service");
        Files.writeString(
                unit,
                text.replace(
                        "ExecStart=" + INSTALLED,
                        "ExecStart=" + House.ROOT.resolve("bin/airlock")));
        return unit.toString();
    }
}
