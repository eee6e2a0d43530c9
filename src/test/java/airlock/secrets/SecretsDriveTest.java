package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.PhaseSecrets;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsDriveTest {
    private static final RepositoryId REPOSITORY = new RepositoryId("codeberg", "7");
    private static final RunFacts FACTS =
            new RunFacts(
                    new RunId("a".repeat(20)),
                    REPOSITORY,
                    new Subject.Branch("refs/heads/main"),
                    TrustClass.LISTED,
                    Phase.POST_PLAN);

    /// The key of the drive.
    static final PhaseSecrets KEY = wanting(true, List.of(), List.of());

    @TempDir Path folder;
    private Database database;
    private SecretStore store;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("airlock.db"));
        store = storeWith(KeyFile.NAME);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static PhaseSecrets wanting(boolean key, List<String> files, List<String> variables) {
        return new PhaseSecrets(key, List.of(), Optional.empty(), List.of(), files, variables);
    }

    @Test
    void aPhaseThatGetsNothingDoesNotEvenOpenTheMasterKey() {
        makeKey();
        var blind = storeWith("missing").drive();
        assertThat(blind.fill(PhaseSecrets.NOTHING, FACTS, "")).isEqualTo(new Filling.Empty());
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
        assertThat(store.drive().fill(KEY, FACTS, ""))
                .isEqualTo(
                        new Filling.Missing(
                                "the configuration puts an SSH key on the secrets drive of post_plan, but codeberg:7 has none: run `airlock secret new`"));
    }

    @Test
    void filesAndVariablesLieThereByTheirNamesWithoutAnyKey() {
        set(SecretKind.FILE, "dput.cf", "[upload]\nlogin = x\n");
        set(SecretKind.VARIABLE, "PASSWORD", "hunter2");
        set(SecretKind.TOKEN, "registry", "never on a drive");
        var files = filled(wanting(false, List.of("dput.cf"), List.of("PASSWORD")), "");
        assertThat(files).extracting(SecretFile::name).containsExactly("dput.cf", "PASSWORD");
        assertThat(text(files, "dput.cf")).isEqualTo("[upload]\nlogin = x\n");
        assertThat(text(files, "PASSWORD")).isEqualTo("hunter2");
        assertThat(files).allMatch(file -> file.isSecret() && file.mode() == 0600);
    }

    @Test
    void whatIsConfiguredButWasNeverSetIsMissingWithTheCommandThatMendsIt() {
        assertThat(store.drive().fill(wanting(false, List.of("dput.cf"), List.of()), FACTS, ""))
                .isEqualTo(
                        new Filling.Missing(
                                "the configuration gives the file 'dput.cf' to post_plan, but codeberg:7 has none of that name: run `airlock secret set REPOSITORY dput.cf`"));
        set(SecretKind.FILE, "PASSWORD", "of another kind");
        assertThat(store.drive().fill(wanting(false, List.of(), List.of("PASSWORD")), FACTS, ""))
                .isInstanceOf(Filling.Missing.class);
    }

    @Test
    void aStoredCertificateLiesBesideItsKey() {
        makeKey();
        set(SecretKind.CERTIFICATE, "deploy", "a certificate\n");
        var files = filled("");
        assertThat(files)
                .extracting(SecretFile::name)
                .containsExactly("ssh_key", "ssh_key-cert.pub", "ssh_config");
        assertThat(text(files, SecretsDrive.CERTIFICATE)).isEqualTo("a certificate\n");
    }

    private void set(SecretKind kind, String name, String value) {
        store.values().set(REPOSITORY, kind, name, value.getBytes(StandardCharsets.UTF_8), "ada");
    }

    private SecretStore storeWith(String file) {
        return SecretStore.of(
                database, InstantSource.fixed(Instant.EPOCH), new KeyFile(folder.resolve(file)));
    }

    private void makeKey() {
        var _ = store.keys().make(REPOSITORY, SshKeys.DEFAULT_NAME, "ada");
    }

    private List<SecretFile> filled(String knownHosts) {
        makeKey();
        return filled(KEY, knownHosts);
    }

    private List<SecretFile> filled(PhaseSecrets wanted, String knownHosts) {
        return switch (store.drive().fill(wanted, FACTS, knownHosts)) {
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
