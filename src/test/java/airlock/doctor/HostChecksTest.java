package airlock.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.machine.Finding;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostChecksTest {
    private static final long MUCH = 1L << 40;

    @TempDir Path directory;
    private AirlockConfig config;
    private Path swaps;

    @BeforeEach
    void configure() throws IOException {
        Path file = directory.resolve("airlock.yaml");
        Files.writeString(
                file,
                """
                base_url: https://ci.example.org
                state: %s
                retention: {reserve: 3 GiB}
                forges: {home: {kind: gitea, url: "https://forge.example.org", token: {env: T}}}
                repositories: []
                """
                        .formatted(directory));
        config = ReadingFixture.value(new ConfigReader(Map.of("T", "token")).read(file));
        swaps = Files.writeString(directory.resolve("swaps"), "Filename\tType\tSize\n");
    }

    private List<Finding> look(List<Path> programs, long free) {
        var host = new HostChecks(programs, swaps, () -> free);
        var findings = new ArrayList<>(host.look(config));
        findings.add(host.disk(config));
        return findings;
    }

    private Finding of(String what, long free) {
        return look(List.of(), free).stream()
                .filter(finding -> finding.what().equals(what))
                .findFirst()
                .orElseThrow();
    }

    private void program(String name) throws IOException {
        Path file = Files.writeString(directory.resolve(name), "#!/bin/sh\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void withoutQemuItSaysWhichPackageHasIt() throws IOException {
        program("bwrap");
        var findings = look(List.of(directory), MUCH);
        assertThat(findings)
                .contains(
                        Finding.bad(
                                "qemu-system-x86_64", "missing", "apt-get install qemu-system-x86"),
                        Finding.good("bwrap", "found"));
    }

    @Test
    void whatOnlySomeNeedIsToldOfWhereItIsMissingAndIsNoFault() throws IOException {
        program("zstd");
        var findings = look(List.of(directory), MUCH);
        assertThat(findings)
                .contains(
                        Finding.good(
                                "skopeo",
                                "missing, and needed only for `airlock image pull`: apt-get install"
                                        + " skopeo"))
                .noneMatch(finding -> finding.what().equals("zstd"));
    }

    @Test
    void belowTheReserveTheDiskIsAFindingAndAboveItIsNot() {
        var full = of("disk", (3L << 30) - 1);
        assertThat(full.isGood()).isFalse();
        assertThat(full.seen()).contains("3,221,225,471 bytes are free", "no new work starts");
        assertThat(full.cure()).contains("airlock du");
        assertThat(of("disk", 3L << 30).isGood()).isTrue();
    }

    @Test
    void swapThatIsOnIsAFinding() throws IOException {
        assertThat(of("swap", MUCH).isGood()).isTrue();
        Files.writeString(swaps, "Filename\tType\n/dev/sda2\tpartition\n");
        assertThat(of("swap", MUCH).isGood()).isFalse();
        assertThat(of("swap", MUCH).cure()).contains("swapoff -a");
    }

    @Test
    void aMasterKeyThatOthersMayReadIsAFindingWithTheCommandThatMendsIt() throws IOException {
        assertThat(of("master key", MUCH).isGood()).as("none yet").isTrue();
        Path key = Files.writeString(directory.resolve("secret.key"), "0".repeat(64) + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(of("master key", MUCH).isGood()).isFalse();
        assertThat(of("master key", MUCH).seen()).contains("open to others", "chmod 600");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        assertThat(of("master key", MUCH).isGood()).isTrue();
        Files.writeString(key, "rubbish");
        assertThat(of("master key", MUCH).seen()).contains("damaged");
    }
}
