package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.event.RepositoryId;
import airlock.secrets.SshKeys.SshKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.params.Ed25519PrivateKeyParameters;
import org.bouncycastle.crypto.params.Ed25519PublicKeyParameters;
import org.bouncycastle.crypto.signers.Ed25519Signer;
import org.bouncycastle.crypto.util.OpenSSHPrivateKeyUtil;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SshKeysTest extends SecretsFixture {
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private SshKeys keys;

    @BeforeEach
    void open() {
        keys = keysWith(KeyFile.NAME);
    }

    @Test
    void aNewKeyShowsItsPublicHalfAsOpenSshWritesIt() {
        var key = made(REPOSITORY, "deploy");
        assertThat(key.publicLine())
                .matches("ssh-ed25519 [A-Za-z0-9+/=]{68} airlock-deploy@codeberg:7");
        byte[] blob = Base64.getDecoder().decode(key.publicLine().split(" ", -1)[1]);
        assertThat(HexFormat.of().formatHex(blob))
                .startsWith("0000000b7373682d6564323535313900000020");
        assertThat(key)
                .isEqualTo(new SshKey(REPOSITORY, "deploy", key.publicLine(), "ada", NOW, ""));
    }

    @Test
    void keysAreListedByRepositoryAndName() {
        made(new RepositoryId("codeberg", "8"), "deploy");
        made(REPOSITORY, "mirror");
        made(REPOSITORY, "deploy");
        assertThat(keys.list())
                .extracting(key -> key.repository() + " " + key.name())
                .containsExactly("codeberg:7 deploy", "codeberg:7 mirror", "codeberg:8 deploy");
        assertThat(keys.list()).extracting(SshKey::publicLine).doesNotHaveDuplicates();
    }

    @Test
    void anExistingKeyIsLeftAsItIs() {
        var first = made(REPOSITORY, "deploy");
        assertThat(keys.make(REPOSITORY, "deploy", "ada")).isEmpty();
        assertThat(keys.list()).containsExactly(first);
    }

    @Test
    void namesThatCouldHurtAreRefused() {
        for (String name : List.of("", "-a", "A", "a b", "a/b", "a\n", "a".repeat(64), "ä")) {
            assertThatThrownBy(() -> keys.make(REPOSITORY, name, "ada"))
                    .as(name)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("not a key's name");
        }
        assertThat(SshKeys.validName("deploy-2_x")).isTrue();
    }

    @Test
    void thePrivateHalfIsNowhereOnTheDiskInTheClear() throws IOException {
        made(REPOSITORY, "deploy");
        byte[] seed = seedOf(keys.privateFile(REPOSITORY, "deploy").orElseThrow());
        assertThat(onDisk())
                .isNotEmpty()
                .allSatisfy(
                        text ->
                                assertThat(text)
                                        .doesNotContain(
                                                new String(seed, StandardCharsets.ISO_8859_1),
                                                HexFormat.of().formatHex(seed),
                                                "OPENSSH PRIVATE"));
    }

    @Test
    void anUnknownKeyHasNoPrivateHalf() {
        made(REPOSITORY, "deploy");
        assertThat(keys.privateFile(REPOSITORY, "mirror")).isEmpty();
        assertThat(keys.privateFile(new RepositoryId("codeberg", "8"), "deploy")).isEmpty();
    }

    @Test
    void aWrongMasterKeySaysSoAndWhatToDo() {
        made(REPOSITORY, "deploy");
        var _ = new KeyFile(folder.resolve("other.key")).readOrMake();
        assertThatThrownBy(() -> keysWith("other.key").privateFile(REPOSITORY, "deploy"))
                .isInstanceOf(SecretsException.class)
                .hasMessageContaining("ssh key 'deploy' of codeberg:7 was sealed with master key")
                .hasMessageContaining("other.key holds")
                .hasMessageContaining("put the right key file back");
    }

    @Test
    void aLostMasterKeyIsNotReplacedWhileSecretsAreSealedWithIt() throws IOException {
        made(REPOSITORY, "deploy");
        Files.delete(folder.resolve(KeyFile.NAME));
        assertThatThrownBy(() -> keys.make(REPOSITORY, "mirror", "ada"))
                .isInstanceOf(SecretsException.class)
                .hasMessageContaining("is missing, but there are secrets sealed with it");
        assertThat(folder.resolve(KeyFile.NAME)).doesNotExist();
    }

    @Test
    void aKeyThatWasMovedToAnotherRepositorysRowDoesNotOpen() {
        made(REPOSITORY, "deploy");
        int moved =
                database.write(
                        handle -> handle.execute("UPDATE ssh_key SET repository = 'codeberg:8'"));
        assertThat(moved).isEqualTo(1);
        assertThatThrownBy(() -> keys.privateFile(new RepositoryId("codeberg", "8"), "deploy"))
                .isInstanceOf(SecretsException.class)
                .hasMessageContaining("changed or moved");
    }

    private static boolean verifies(byte[] blob, byte[] data, byte[] signature) {
        var key = new Ed25519PublicKeyParameters(blob, blob.length - 32);
        var signer = new Ed25519Signer();
        signer.init(false, key);
        signer.update(data, 0, data.length);
        return signer.verifySignature(signature);
    }

    @Test
    void signaturesVerifyWithThePublicHalf() {
        var made = keys.make(REPOSITORY, "deploy", "ada").orElseThrow();
        var signer = keys.signer(REPOSITORY, "deploy").orElseThrow();
        assertThat(made.publicLine())
                .isEqualTo(
                        "ssh-ed25519 "
                                + Base64.getEncoder().encodeToString(signer.publicBlob())
                                + " "
                                + signer.comment());
        byte[] data = "to be signed".getBytes(StandardCharsets.UTF_8);
        byte[] signature = signer.sign(data);
        assertThat(signature).hasSize(64);
        assertThat(verifies(signer.publicBlob(), data, signature)).isTrue();
        assertThat(verifies(signer.publicBlob(), new byte[1], signature)).isFalse();
        assertThat(signer.toString()).isEqualTo("the key 'deploy' of codeberg:7");
    }

    @Test
    void anAbsentKeyHasNoSignerAndARemovedOneSignsNoMore() {
        assertThat(keys.signer(REPOSITORY, "deploy")).isEmpty();
        var _ = keys.make(REPOSITORY, "deploy", "ada");
        var signer = keys.signer(REPOSITORY, "deploy").orElseThrow();
        assertThat(keys.remove(REPOSITORY, "deploy")).isTrue();
        assertThatThrownBy(() -> signer.sign(new byte[1])).hasMessageContaining("was removed");
    }

    private SshKey made(RepositoryId repository, String name) {
        return keys.make(repository, name, "ada").orElseThrow();
    }

    private SshKeys keysWith(String file) {
        return new SshKeys(database, InstantSource.fixed(NOW), new KeyFile(folder.resolve(file)));
    }

    private static byte[] seedOf(byte[] file) {
        String text = new String(file, StandardCharsets.US_ASCII);
        byte[] blob =
                Base64.getMimeDecoder().decode(text.replaceAll("-----[A-Z ]+-----", "").strip());
        var key = (Ed25519PrivateKeyParameters) OpenSSHPrivateKeyUtil.parsePrivateKeyBlob(blob);
        return key.getEncoded();
    }
}
