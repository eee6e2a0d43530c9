package airlock.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.sandbox.Sandbox;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures and keys of gpg(1).
class SumsSignatureTest {
    @TempDir Path directory;
    private Path sums = Path.of("");

    @BeforeEach
    void sums() throws Exception {
        Files.createDirectory(
                directory.resolve("home"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        sums = Files.writeString(directory.resolve("SUMS"), "0".repeat(64) + "  disk.raw\n");
    }

    @AfterEach
    void end() throws Exception {
        run("gpgconf", "--homedir", directory.resolve("home").toString(), "--kill", "all");
    }

    private String run(String... command) throws Exception {
        return ImportFixture.runIn(directory, "", command);
    }

    private String gpg(String... words) throws Exception {
        String home = directory.resolve("home").toString();
        var command = new ArrayList<>(List.of("gpg", "--homedir", home));
        command.addAll(List.of("--batch", "--yes", "--quiet", "--no-tty"));
        command.addAll(List.of("--passphrase", "", "--pinentry-mode", "loopback"));
        command.addAll(List.of(words));
        return run(command.toArray(String[]::new));
    }

    private Proof.Signed signed(String name, String... options) throws Exception {
        var words = new ArrayList<>(List.of("--local-user", name, "--output", name + ".sig"));
        words.addAll(List.of(options));
        words.addAll(List.of("--detach-sign", "SUMS"));
        gpg(words.toArray(String[]::new));
        gpg("--output", name + ".keys", "--export", name);
        return by(directory.resolve(name + ".sig"), directory.resolve(name + ".keys"));
    }

    private static Proof.Signed by(Path signature, Path keyring) {
        return new Proof.Signed(Optional.of(signature), keyring);
    }

    private static Path signature(Proof.Signed by) {
        return by.signature().orElseThrow();
    }

    private String signer(Proof.Signed by) throws InterruptedException {
        return SumsSignature.verify(StoreFiles.small(sums, Proof.LONGEST), sums, by, Sandbox.NONE)
                .key();
    }

    private void refused(Proof.Signed by, String why) {
        assertThatThrownBy(() -> signer(by))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining(why);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ed25519", "rsa2048", "nistp256"})
    void aSignatureOfTheKeyringsKeyIsGood(String algorithm) throws Exception {
        gpg("--quick-generate-key", "maker", algorithm, "sign");
        var by = signed("maker");

        assertThat(gpg("--with-colons", "--fingerprint", "maker")).contains(signer(by));

        Files.writeString(sums, "1".repeat(64) + "  disk.raw\n");
        refused(by, "is for another file");
    }

    @Test
    void gpgvReadsThemInWalls() throws Exception {
        gpg("--quick-generate-key", "maker", "ed25519", "sign");
        var by = signed("maker");
        try (var box = new WatchedBox()) {
            var told = SumsSignature.verify(StoreFiles.small(sums, Proof.LONGEST), sums, by, box);

            assertThat(told.key()).isEqualTo(signer(by));
            assertThat(box.started()).contains("gpgv");
        }
    }

    @Test
    void soIsOneOfItsSubkeyAndOneThatIsArmored() throws Exception {
        gpg("--quick-generate-key", "maker", "ed25519", "cert");
        var listed = gpg("--with-colons", "--fingerprint", "maker");
        String owner = listed.replaceAll("(?s).*\nfpr:+([0-9A-F]{40}):.*", "$1");
        gpg("--quick-add-key", owner, "ed25519", "sign");
        var by = signed("maker", "--armor");
        gpg("--armor", "--output", "maker.keys", "--export", "maker");

        assertThat(signer(by)).isEqualTo(owner);
    }

    @Test
    void oneOfSomebodyElseIsNot() throws Exception {
        gpg("--quick-generate-key", "maker", "ed25519", "sign");
        gpg("--quick-generate-key", "other", "ed25519", "sign");
        var maker = signed("maker");
        var other = signed("other");

        refused(by(signature(other), maker.keyring()), "is not in the keyring");
        refused(by(maker.keyring(), maker.keyring()), "it is not a signature");
        refused(by(sums, maker.keyring()), "");
        refused(by(signature(maker), sums), "is not in the keyring");
        refused(by(directory.resolve("none"), maker.keyring()), "cannot read");
    }

    @Test
    void aRevokedKeyAndAWeakSumAreNotGood() throws Exception {
        gpg("--quick-generate-key", "maker", "rsa2048", "sign");
        refused(signed("maker", "--digest-algo", "SHA1"), "not of an accepted kind");
        var by = signed("maker");
        signer(by);
        Path home = directory.resolve("home");
        try (var files = Files.list(home.resolve("openpgp-revocs.d"))) {
            Path revocation = files.findFirst().orElseThrow();
            String text = Files.readString(revocation).replace(":-----BEGIN", "-----BEGIN");
            gpg("--import", Files.writeString(directory.resolve("revoke"), text).toString());
        }
        gpg("--output", "maker.keys", "--export", "maker");
        refused(by, "was revoked");
    }

    @Test
    void mutatedSignaturesAndKeysAreNeverGoodForAnotherFile() throws Exception {
        gpg("--quick-generate-key", "maker", "ed25519", "sign");
        var by = signed("maker");
        byte[] signature = Files.readAllBytes(signature(by));
        byte[] keys = Files.readAllBytes(by.keyring());
        Files.writeString(sums, "another file\n");
        var random = new Random(182);
        for (int round = 0; round < 200; round++) {
            Files.write(
                    signature(by),
                    round % 2 == 0 ? FakeImages.mutated(signature, random, 4) : signature);
            Files.write(by.keyring(), round % 2 == 0 ? keys : FakeImages.mutated(keys, random, 4));
            refused(by, "");
        }
    }

    @Test
    void aProofTellsWhoSignedAndComparesTheFile() throws Exception {
        gpg("--quick-generate-key", "maker", "ed25519", "sign");
        Path disk = Files.writeString(directory.resolve("disk.raw"), "a disk");
        Files.writeString(sums, StoreFiles.sha256(disk) + "  disk.raw\n");
        var by = signed("maker");
        var proof = new Proof(Optional.of(sums), Optional.of(by));

        assertThat(proof.check(disk, "disk.raw", Sandbox.NONE, _ -> {}))
                .isEqualTo(", as SUMS says, signed by the key " + signer(by));
        Files.writeString(disk, "another");
        assertThatThrownBy(() -> proof.check(disk, "disk.raw", Sandbox.NONE, _ -> {}))
                .hasMessageContaining("checksum mismatch");
        assertThatThrownBy(() -> new Proof(Optional.empty(), Optional.of(by)))
                .hasMessageContaining("add --sums");
    }

    /// The file of sums with its signature around it.
    private Proof.Signed clearsigned(String text) throws Exception {
        Files.writeString(sums, text);
        gpg("--local-user", "maker", "--output", "SUMS.asc", "--clearsign", "SUMS");
        gpg("--output", "maker.keys", "--export", "maker");
        Files.copy(directory.resolve("SUMS.asc"), sums, StandardCopyOption.REPLACE_EXISTING);
        return new Proof.Signed(Optional.empty(), directory.resolve("maker.keys"));
    }

    @Test
    void sumsThatAreSignedWithinThemselvesAreWhatWasSigned() throws Exception {
        gpg("--quick-generate-key", "maker", "ed25519", "sign");
        String text = "- a list\nFrom me  \n-----BEGIN\n\n" + "0".repeat(64) + "  disk.raw\t \nü\n";
        var by = clearsigned(text);
        var told =
                SumsSignature.verify(StoreFiles.small(sums, Proof.LONGEST), sums, by, Sandbox.NONE);

        assertThat(gpg("--with-colons", "--fingerprint", "maker")).contains(told.key());
        assertThat(new String(told.text(), StandardCharsets.UTF_8))
                .isEqualTo(text.replaceAll("(?m)[ \t]+$", ""));

        String signed = Files.readString(sums);
        String line = "1".repeat(64) + "  disk.raw\n";
        for (String bad :
                List.of(
                        signed.replace("0".repeat(64), "1".repeat(64)),
                        signed.replace("- - a list", line + "- - a list"),
                        signed.replace("Hash: ", line + "Hash: "),
                        signed.replace("- - a list", "- a list"),
                        line + signed,
                        signed + line,
                        signed + signed,
                        signed.replaceAll("(?s)-----BEGIN PGP SIGNATURE.*", ""),
                        signed.replaceAll("(?s)\n\n.*", "\n"),
                        text,
                        "")) {
            Files.writeString(sums, bad);
            refused(by, "");
        }
    }

    @Test
    void mutatedSignedSumsNeverSayAnythingElse() throws Exception {
        gpg("--quick-generate-key", "maker", "ed25519", "sign");
        var by = clearsigned("0".repeat(64) + "  disk.raw\nsecond line\n");
        byte[] good = Files.readAllBytes(sums);
        byte[] said = SumsSignature.verify(good, sums, by, Sandbox.NONE).text();
        var random = new Random(183);
        int refused = 0;
        for (int round = 0; round < 300; round++) {
            byte[] bytes = FakeImages.mutated(good, random, 4);
            try {
                assertThat(SumsSignature.verify(bytes, sums, by, Sandbox.NONE).text())
                        .isEqualTo(said);
            } catch (ImageException _) {
                refused++;
            }
        }
        assertThat(refused).isGreaterThan(200);
    }
}
