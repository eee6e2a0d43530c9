package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.PhaseSecrets;
import airlock.secrets.SecretStore.DriveFile;
import airlock.secrets.SecretStore.Filling;
import airlock.secrets.SecretStore.RunFacts;
import airlock.secrets.StoredSecrets.SecretKind;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SecretsDriveTest extends SecretsFixture {
    private static final RunFacts FACTS = facts(REPOSITORY);

    /// The key of the drive.
    static final PhaseSecrets KEY = wanting(true, List.of(), List.of());

    private SecretStore store;

    @BeforeEach
    void open() {
        store = store();
    }

    private static PhaseSecrets wanting(boolean key, List<String> files, List<String> variables) {
        return new PhaseSecrets(key, List.of(), Optional.empty(), List.of(), files, variables);
    }

    @Test
    void aPhaseThatGetsNothingDoesNotEvenOpenTheMasterKey() {
        makeKey();
        var missing = new KeyFile(folder.resolve("missing"));
        var blind = SecretStore.of(database, InstantSource.system(), missing);
        assertThat(blind.fill(PhaseSecrets.NOTHING, FACTS))
                .isEqualTo(new Filling.Filled(List.of()));
    }

    @Test
    void theKeyHasAConfigurationThatMakesSshUseItWithoutQuestions() {
        assertThat(text(filled(), DriveFile.SSH_CONFIG))
                .isEqualTo(
                        """
                        Host *
                            IdentityFile /ci/secrets/ssh_key
                            IdentitiesOnly yes
                            BatchMode yes
                            StrictHostKeyChecking accept-new
                        """);
        assertThat(filled()).extracting(DriveFile::name).containsExactly("ssh_key", "ssh_config");
    }

    @Test
    void everyFileIsForItsOwnerAloneAndDoesNotPrintItsContent() {
        assertThat(DriveFile.MODE).isEqualTo(0600);
        assertThat(filled().getFirst()).hasToString("DriveFile[ssh_key, ***]");
        assertThat(text(filled(), DriveFile.KEY))
                .startsWith("-----BEGIN OPENSSH PRIVATE KEY-----\n")
                .endsWith("\n-----END OPENSSH PRIVATE KEY-----\n");
    }

    @Test
    void aKeyThatIsConfiguredButWasNeverMadeIsMissing() {
        assertThat(store.fill(KEY, FACTS))
                .isEqualTo(
                        new Filling.Missing(
                                "the configuration puts an SSH key on the secrets drive of"
                                        + " post_plan, but codeberg:7 has none: run `airlock secret"
                                        + " new`"));
    }

    @Test
    void filesAndVariablesLieThereByTheirNamesWithoutAnyKey() {
        set(SecretKind.FILE, "dput.cf", "[upload]\nlogin = x\n");
        set(SecretKind.VARIABLE, "PASSWORD", "hunter2");
        set(SecretKind.TOKEN, "registry", "never on a drive");
        var files = filled(wanting(false, List.of("dput.cf"), List.of("PASSWORD")));
        assertThat(files).extracting(DriveFile::name).containsExactly("dput.cf", "PASSWORD");
        assertThat(text(files, "dput.cf")).isEqualTo("[upload]\nlogin = x\n");
        assertThat(text(files, "PASSWORD")).isEqualTo("hunter2");
        assertThat(files).allMatch(DriveFile::isSecret);
    }

    @Test
    void whatIsConfiguredButWasNeverSetIsMissingWithTheCommandThatMendsIt() {
        assertThat(store.fill(wanting(false, List.of("dput.cf"), List.of()), FACTS))
                .isEqualTo(
                        new Filling.Missing(
                                "the configuration gives the file 'dput.cf' to post_plan, but"
                                        + " codeberg:7 has none of that name: run `airlock secret set"
                                        + " REPOSITORY dput.cf`"));
        set(SecretKind.FILE, "PASSWORD", "of another kind");
        assertThat(store.fill(wanting(false, List.of(), List.of("PASSWORD")), FACTS))
                .isInstanceOf(Filling.Missing.class);
    }

    @Test
    void aStoredCertificateLiesBesideItsKey() {
        makeKey();
        set(SecretKind.CERTIFICATE, "deploy", "a certificate\n");
        var files = filled();
        assertThat(files)
                .extracting(DriveFile::name)
                .containsExactly("ssh_key", "ssh_key-cert.pub", "ssh_config");
        assertThat(text(files, DriveFile.CERTIFICATE)).isEqualTo("a certificate\n");
    }

    private void set(SecretKind kind, String name, String value) {
        store.values().set(REPOSITORY, kind, name, value.getBytes(StandardCharsets.UTF_8), "ada");
    }

    private void makeKey() {
        var _ = store.keys().make(REPOSITORY, SshKeys.DEFAULT_NAME, "ada");
    }

    private List<DriveFile> filled() {
        makeKey();
        return filled(KEY);
    }

    private List<DriveFile> filled(PhaseSecrets wanted) {
        return switch (store.fill(wanted, FACTS)) {
            case Filling.Filled(List<DriveFile> files) -> files;
            case Filling.Missing(var reason) -> throw new AssertionError(reason);
        };
    }

    private static String text(List<DriveFile> files, String name) {
        return files.stream()
                .filter(file -> file.name().equals(name))
                .map(file -> new String(file.content(), StandardCharsets.UTF_8))
                .findFirst()
                .orElseThrow();
    }
}
