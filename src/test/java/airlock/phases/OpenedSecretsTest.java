package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Destinations;
import airlock.config.DputTarget;
import airlock.config.HostName;
import airlock.config.NamedSecret;
import airlock.config.SecretsConfig;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.secrets.KeyFile;
import airlock.secrets.SecretStore;
import airlock.secrets.SecretStore.DriveFile;
import airlock.secrets.SshKeys;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OpenedSecretsTest {
    private static final RepositoryId REPOSITORY = TestOrders.REPOSITORY;
    private static final Set<Phase> TRUSTED = Set.of(Phase.PRE_PLAN, Phase.POST_PLAN);
    private static final DputTarget ONLY_A_NAME = new DputTarget("ours", Optional.empty());
    private static final DputTarget TARGET =
            new DputTarget(
                    "ours",
                    Optional.of(
                            new DputTarget.Server(
                                    "ours",
                                    new HostName("upload.example"),
                                    DputTarget.Method.SCP,
                                    Optional.empty(),
                                    "/srv/incoming",
                                    "*",
                                    true)));

    @TempDir Path folder;
    private Database database;
    private SecretStore store;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("airlock.db"));
        store =
                SecretStore.of(
                        database,
                        InstantSource.system(),
                        new KeyFile(folder.resolve(KeyFile.NAME)));
        var _ = store.keys().make(REPOSITORY, SshKeys.DEFAULT_NAME, "ada");
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static SecretsConfig secrets(Set<Phase> drive, List<NamedSecret> files) {
        return new SecretsConfig(drive, List.of(), Optional.empty(), List.of(), files, List.of());
    }

    private List<DriveFile> drive(Phase phase, SecretsConfig secrets, DputTarget target) {
        var destinations = new Destinations(Optional.empty(), Optional.of(target), Map.of());
        var order =
                TestOrders.order(
                        phase,
                        "post_plan: [{action: dput}]\n",
                        Map.of("secrets", secrets, "destinations", destinations));
        return OpenedSecrets.open(order, store).drive();
    }

    private static List<String> names(List<DriveFile> files) {
        return files.stream().map(DriveFile::name).toList();
    }

    @Test
    void besideAKeyOfPostPlanLiesTheDputCfOfItsTarget() {
        var files = drive(Phase.POST_PLAN, secrets(TRUSTED, List.of()), TARGET);

        assertThat(names(files)).containsExactly("ssh_key", "ssh_config", "dput.cf");
        assertThat(new String(files.getLast().content(), StandardCharsets.UTF_8))
                .startsWith("[ours]\nfqdn = upload.example\nmethod = scp\n");
        assertThat(files.getLast().isSecret()).as("logs may show it").isFalse();
    }

    @Test
    void oneOfTheOperatorsOwnHolds() {
        byte[] own = "[ours]\nmethod = local\n".getBytes(StandardCharsets.UTF_8);
        store.values().set(REPOSITORY, SecretKind.FILE, "dput.cf", own, "ada");
        var file = new NamedSecret("dput.cf", Set.of(Phase.POST_PLAN));

        var files = drive(Phase.POST_PLAN, secrets(TRUSTED, List.of(file)), TARGET);

        assertThat(names(files)).containsExactly("ssh_key", "ssh_config", "dput.cf");
        assertThat(files.getLast().content()).isEqualTo(own);
        assertThat(files.getLast().isSecret()).isTrue();
    }

    @Test
    void nothingElseGetsOne() {
        assertThat(names(drive(Phase.PRE_PLAN, secrets(TRUSTED, List.of()), TARGET)))
                .containsExactly("ssh_key", "ssh_config");
        assertThat(names(drive(Phase.POST_PLAN, secrets(TRUSTED, List.of()), ONLY_A_NAME)))
                .containsExactly("ssh_key", "ssh_config");
        assertThat(drive(Phase.POST_PLAN, secrets(Set.of(), List.of()), TARGET)).isEmpty();
    }
}
