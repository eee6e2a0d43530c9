package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.secrets.SshKeys.NewKey;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.junit.jupiter.api.Test;

class AgentSignerTest extends SecretsFixture {
    private static final byte[] DATA = "to be signed".getBytes(StandardCharsets.UTF_8);

    private static boolean verifies(byte[] blob, byte[] data, byte[] signature) {
        var key = new Ed25519PublicKeyParameters(blob, blob.length - 32);
        var signer = new Ed25519Signer();
        signer.init(false, key);
        signer.update(data, 0, data.length);
        return signer.verifySignature(signature);
    }

    @Test
    void signaturesVerifyWithThePublicHalf() {
        var keys = store().keys();
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
    void anAbsentKeyHasNoSignerAndARemovedOneSignsNoMore() {
        var keys = store().keys();
        assertThat(keys.signer(REPOSITORY, "deploy")).isEmpty();
        var _ = keys.make(REPOSITORY, "deploy", "ada");
        var signer = keys.signer(REPOSITORY, "deploy").orElseThrow();
        assertThat(keys.remove(REPOSITORY, "deploy")).isTrue();
        assertThatThrownBy(() -> signer.sign(DATA)).hasMessageContaining("was removed");
    }
}
