package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.TrustClass;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsDriveTest {
    private static final RepositoryId REPOSITORY = new RepositoryId("codeberg", "7");
    private static final Set<Phase> ALL = EnumSet.allOf(Phase.class);

    @TempDir Path folder;
    private Database database;
    private SshKeys keys;
    private SecretsDrive drive;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("airlock.db"));
        keys = keysWith(KeyFile.NAME);
        drive = new SecretsDrive(keys);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void t2OnlyPreAndPostPlanOfAListedPushEverHaveAKey() {
        assertThat(keys.make(REPOSITORY, SshKeys.DEFAULT_NAME)).isInstanceOf(NewKey.Made.class);
        for (var trust : TrustClass.values()) {
            for (var phase : Phase.values()) {
                boolean may = trust == TrustClass.LISTED && phase != Phase.PLAN;
                assertThat(drive.fill(REPOSITORY, trust, phase, ALL, ""))
                        .as("%s %s", trust, phase)
                        .isInstanceOf(may ? Filling.Filled.class : Filling.Empty.class);
                assertThat(drive.fill(REPOSITORY, trust, phase, Set.of(), ""))
                        .as("%s %s, not configured", trust, phase)
                        .isEqualTo(new Filling.Empty());
            }
        }
    }

    @Test
    void aPhaseThatMayHaveNoneDoesNotEvenOpenTheKey() {
        assertThat(keys.make(REPOSITORY, SshKeys.DEFAULT_NAME)).isInstanceOf(NewKey.Made.class);
        var blind = new SecretsDrive(keysWith("missing"));
        assertThat(blind.fill(REPOSITORY, TrustClass.LISTED, Phase.PLAN, ALL, ""))
                .isEqualTo(new Filling.Empty());
        assertThat(blind.fill(REPOSITORY, TrustClass.INSIDE, Phase.POST_PLAN, ALL, ""))
                .isEqualTo(new Filling.Empty());
    }

    @Test
    void withoutKnownHostsTheFirstHostKeyIsAccepted() {
        assertThat(text(filled("  \n"), SecretsDrive.SSH_CONFIG))
                .isEqualTo(
                        """
                        Host *
                            IdentityFile /ci/secrets/ssh_key
                            IdentitiesOnly yes
                            BatchMode yes
                            StrictHostKeyChecking accept-new
                        """);
        assertThat(filled(""))
                .extracting(SecretFile::name)
                .containsExactly("ssh_key", "ssh_config");
    }

    @Test
    void withKnownHostsNoOtherHostKeyIsAccepted() {
        var files = filled("forge.example ssh-ed25519 AAAA");
        assertThat(text(files, SecretsDrive.KNOWN_HOSTS))
                .isEqualTo("forge.example ssh-ed25519 AAAA\n");
        assertThat(text(files, SecretsDrive.SSH_CONFIG))
                .isEqualTo(
                        """
                        Host *
                            IdentityFile /ci/secrets/ssh_key
                            IdentitiesOnly yes
                            BatchMode yes
                            UserKnownHostsFile /ci/secrets/known_hosts
                            StrictHostKeyChecking yes
                        """);
    }

    @Test
    void everyFileIsForItsOwnerAloneAndPrintsNothingOfItself() {
        assertThat(filled("forge.example ssh-ed25519 AAAA"))
                .allSatisfy(file -> assertThat(file.mode()).isEqualTo(0600));
        assertThat(filled("").getFirst()).hasToString("SecretFile[ssh_key, 0600, ***]");
        assertThat(text(filled(""), SecretsDrive.KEY))
                .startsWith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
                .endsWith("\n-----END OPENSSH PRIVATE KEY-----\n");
    }

    @Test
    void aKeyThatIsConfiguredButWasNeverMadeIsMissing() {
        assertThat(drive.fill(REPOSITORY, TrustClass.LISTED, Phase.POST_PLAN, ALL, ""))
                .isEqualTo(
                        new Filling.Missing(
                                "the configuration puts an SSH key on the secrets drive of post_plan, but codeberg:7 has none: run `airlock secret new`"));
    }

    private SshKeys keysWith(String file) {
        return new SshKeys(
                database, InstantSource.fixed(Instant.EPOCH), new KeyFile(folder.resolve(file)));
    }

    private List<SecretFile> filled(String knownHosts) {
        var _ = keys.make(REPOSITORY, SshKeys.DEFAULT_NAME);
        return switch (drive.fill(REPOSITORY, TrustClass.LISTED, Phase.PRE_PLAN, ALL, knownHosts)) {
            case Filling.Filled(List<SecretFile> files) -> files;
            case Filling.Empty _, Filling.Missing _ -> throw new AssertionError("not filled");
        };
    }

    private static String text(List<SecretFile> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .map(file -> new String(file.content(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }
}
