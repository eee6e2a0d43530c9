package airlock.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import airlock.config.AirlockConfig;
import airlock.config.ConfigReader;
import airlock.control.ControlServer;
import airlock.control.Reply;
import airlock.house.LoopbackForge;
import airlock.house.Programs;
import airlock.house.Snapshot;
import airlock.image.FakeImages;
import airlock.machine.Finding;
import airlock.machine.Finding.Level;
import airlock.machine.StateDirectory;
import airlock.store.Database;
import airlock.yaml.ReadingFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The whole doctor, with a forge, on whatever machine this is.
final class DoctorTest {
    @TempDir Path directory;
    private final LoopbackForge forge = LoopbackForge.start(0);
    private Path state = Path.of("");

    @BeforeEach
    void host() {
        state = directory.resolve("state");
        var hello = forge.host(7, "alice/hello", directory.resolve("hello.git"), true);
        String work = directory.resolve("work").toString();
        Programs.run("git", "init", "-q", "-b", "main", work);
        Programs.run(
                "git",
                "-C",
                work,
                "-c",
                "user.name=A",
                "-c",
                "user.email=a@example.org",
                "commit",
                "-q",
                "--allow-empty",
                "-m",
                "First");
        Programs.run("git", "-C", work, "push", "-q", hello.bare().toString(), "main");
    }

    @AfterEach
    void stop() {
        forge.close();
    }

    private AirlockConfig config() throws IOException {
        Path file =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: https://ci.example.org
                        state: %1$s
                        forges: {home: {kind: gitea, url: "%2$s", token: {env: T}}}
                        repositories:
                          - {name: alice/hello, forge: home, url: "%2$s/alice/hello.git",
                             hook_secret: {env: H}}
                        """
                                .formatted(state, forge.url()));
        var environment = Map.of("T", LoopbackForge.TOKEN, "H", "0123456789abcdef0123");
        return ReadingFixture.value(new ConfigReader(environment).read(file));
    }

    private List<Finding> look() throws Exception {
        return new Doctor(config(), InstantSource.system()).look(_ -> {});
    }

    private static Finding of(String what, List<Finding> findings) {
        return findings.stream()
                .filter(finding -> finding.what().equals(what))
                .findFirst()
                .orElseThrow(() -> new AssertionError(findings.toString()));
    }

    /// A state as a server leaves it.
    private void use() throws Exception {
        try (var used = StateDirectory.lock(state);
                var _ = Database.open(used.database())) {
            FakeImages.add(state.resolve("images"), "mine-1");
        }
        for (String name : List.of("vms", "mirrors", "sources", "fetch", "templates", "logs")) {
            Files.createDirectories(state.resolve(name));
        }
        Files.writeString(state.resolve("logs/one"), "a line");
        Files.writeString(state.resolve("fetch/left"), "of a killed server");
        Files.writeString(state.resolve("accelerator"), "another boot\nworks\n");
        Files.writeString(state.resolve("secret.key"), "0".repeat(64) + "\n");
        Files.setPosixFilePermissions(
                state.resolve("secret.key"), PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void ofAStateThatIsNotThereItMakesNothing() throws Exception {
        var findings = look();
        assertThat(state).doesNotExist();
        assertThat(of("state", findings).seen()).contains("not there yet");
        var image = of("image debian-13", findings);
        assertThat(image.level()).isEqualTo(Level.WARNING);
        assertThat(image.seen()).isEqualTo("is not built");
        assertThat(image.cure()).contains("`airlock image build`");
        assertThat(of("fetching home/alice/hello", findings).seen()).isEqualTo("works");
        assertThat(of("token for home/alice/hello", findings).seen()).isEqualTo("may write");
        assertThat(of("fetch processes", findings).seen()).contains("walls of their own");
        assertThat(forge.statuses()).as("statuses that were set").isEmpty();
    }

    @Test
    void itChangesNothingInAStateThatWasUsedWithAServerAndWithoutOne() throws Exception {
        use();
        var before = Snapshot.of(state);
        var alone = look();
        assertThat(Snapshot.of(state)).isEqualTo(before);
        assertThat(of("state", alone).level()).isEqualTo(Level.OK);

        try (var _ = StateDirectory.lock(state);
                var _ =
                        ControlServer.open(
                                StateDirectory.controlSocket(state),
                                (_, _, replies) -> replies.accept(new Reply.Done("")))) {
            before = Snapshot.of(state);
            var findings = look();
            assertThat(Snapshot.of(state)).isEqualTo(before);
            assertThat(of("fetching home/alice/hello", findings).seen())
                    .as("also while a server runs")
                    .isEqualTo("works");
            assertThat(of("statuses", findings).level()).isEqualTo(Level.OK);
        }
    }

    @Test
    void aStateThatCannotBeUsedIsAFindingAndNotTheDoctorsEnd() throws Exception {
        state = Path.of("/proc/airlock");
        var impossible = look();
        assertThat(of("state", impossible).level()).isEqualTo(Level.BAD);
        assertThat(of("state", impossible).seen()).contains("/proc");
        assertThat(of("state", impossible).cure()).contains("set `state`");
        assertThat(of("fetching home/alice/hello", impossible).seen()).isEqualTo("works");

        Path file = Files.writeString(directory.resolve("file"), "no directory");
        for (Path each : List.of(file, file.resolve("below"))) {
            var finding = new StateChecks(each).look();
            assertThat(finding.level()).isEqualTo(Level.BAD);
            assertThat(finding.seen()).contains(file + " is not a directory");
        }
        Path link = Files.createSymbolicLink(directory.resolve("link"), directory);
        assertThat(new StateChecks(link).look().seen()).contains(link + " is a link");
    }

    @Test
    void theStateOfAnotherUserIsAFindingWithTheCommandAndNothingOfItIsTried() throws Exception {
        Files.createDirectories(state);
        try {
            Files.setAttribute(state, "unix:uid", 65534);
        } catch (IOException e) {
            assumeThat(e).as("only root can give a directory away").isNull();
        }
        var before = Snapshot.of(state);
        var findings = look();
        assertThat(Snapshot.of(state)).isEqualTo(before);
        var finding = of("state", findings);
        assertThat(finding.level()).isEqualTo(Level.WARNING);
        assertThat(finding.seen()).contains("belongs to nobody, and this runs as root");
        assertThat(finding.cure()).contains("runuser -u nobody -- airlock doctor");
        assertThat(findings).noneMatch(each -> each.what().startsWith("image"));
        assertThat(of("token for home/alice/hello", findings).seen()).isEqualTo("may write");
    }
}
