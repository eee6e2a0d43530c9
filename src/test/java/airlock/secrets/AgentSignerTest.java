package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.RepositoryId;
import airlock.store.Database;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentSignerTest {
    private static final RepositoryId REPOSITORY = new RepositoryId("codeberg", "7");
    private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);

    @TempDir Path folder;
    private Database database;
    private SshKeys keys;

    @BeforeEach
    void open() {
        database = Database.open(folder.resolve("airlock.db"));
        keys =
                new SshKeys(
                        database,
                        InstantSource.system(),
                        new KeyFile(folder.resolve(KeyFile.NAME)));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static boolean verifies(byte[] blob, byte[] data, byte[] signature) {
        var signer = new Ed25519Signer();
        signer.init(
                false,
                new Ed25519PublicKeyParameters(
                        Arrays.copyOfRange(blob, blob.length - 32, blob.length)));
        signer.update(data, 0, data.length);
        return signer.verifySignature(signature);
    }

    @Test
    void whatItSignsVerifiesWithThePublicHalfThatItNames() {
        var made = (NewKey.Made) keys.make(REPOSITORY, "deploy", "ada");
        var signer = keys.signer(REPOSITORY, "deploy").orElseThrow();
        assertThat(made.key().publicLine())
                .isEqualTo(
                        "ssh-ed25519 "
                                + Base64.getEncoder().encodeToString(signer.publicBlob())
                                + " "
                                + signer.comment());
        byte[] signature = signer.sign(DATA);
        assertThat(signature).hasSize(64);
        assertThat(verifies(signer.publicBlob(), DATA, signature)).isTrue();
        assertThat(verifies(signer.publicBlob(), new byte[1], signature)).isFalse();
        assertThat(signer.toString()).isEqualTo("signer of 'deploy' of codeberg:7");
    }

    @Test
    void aKeyThatIsNotThereHasNoSignerAndOneThatWasRemovedSignsNoMore() {
        assertThat(keys.signer(REPOSITORY, "deploy")).isEmpty();
        var _ = keys.make(REPOSITORY, "deploy", "ada");
        var signer = keys.signer(REPOSITORY, "deploy").orElseThrow();
        assertThat(keys.remove(REPOSITORY, "deploy")).isTrue();
        assertThatThrownBy(() -> signer.sign(DATA)).hasMessageContaining("was removed");
    }
}
