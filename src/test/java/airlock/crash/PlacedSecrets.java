package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.MemoryScan;
import airlock.event.RepositoryId;
import airlock.house.Programs;
import airlock.secrets.KeyFile;
import airlock.secrets.PreparedKey;
import airlock.secrets.SecretStore;
import airlock.secrets.StoredSecrets.SecretKind;
import airlock.store.Database;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/// Secrets of every kind in a state that no server has opened yet, each as the scan that finds it.
///
/// @param fresh the key that [#command(Path)] gives with a certificate
/// @param deploy the key of the drive
/// @param signer the agent's key
/// @param token `registry`
/// @param file `note`
/// @param password a variable
record PlacedSecrets(
        MemoryScan fresh,
        MemoryScan deploy,
        MemoryScan signer,
        MemoryScan token,
        MemoryScan file,
        MemoryScan password) {
    private static final RepositoryId REPOSITORY = new RepositoryId("demo", "" + Site.REPOSITORY);

    /// @param state the state directory
    /// @param aside an empty directory, which gets the secrets in clear
    static PlacedSecrets in(Path state, Path aside) throws Exception {
        return new PlacedSecrets(
                certified(aside),
                prepared(state, aside, "deploy"),
                prepared(state, aside, "signer"),
                kept(state, aside, SecretKind.TOKEN, "registry", "t0ken-0f-the-registry-4711"),
                kept(state, aside, SecretKind.FILE, "note", "[ours]\nlogin = file-33c1e07d\n"),
                kept(state, aside, SecretKind.VARIABLE, "PASSWORD", "pass-8b21d0f4aa"));
    }

    /// The program that prints a key and its certificate.
    static Path command(Path aside) {
        return aside.resolve("sign");
    }

    MemoryScan all() {
        return fresh.and(onlyOfPostPlan()).and(signer).and(token);
    }

    MemoryScan onlyOfPostPlan() {
        return deploy.and(file).and(password);
    }

    /// A key and certificate that a command prints for each phase, so that the test knows the key.
    private static MemoryScan certified(Path aside) throws Exception {
        Path key = aside.resolve("fresh");
        Path ca = aside.resolve("ca");
        for (Path made : List.of(key, ca)) {
            Programs.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", made.toString());
        }
        String line = aside.resolve("fresh.pub").toString();
        Programs.run("ssh-keygen", "-q", "-s" + ca, "-Ix", "-nci", "-V-1m:+1h", line);
        Path command = command(aside);
        Files.writeString(command, "#!/bin/sh\ncat %1$s %1$s-cert.pub\n".formatted(key));
        Files.setPosixFilePermissions(command, PosixFilePermissions.fromString("rwxr-xr-x"));
        String text = Files.readString(key);
        String body = text.lines().filter(l -> !l.startsWith("-")).reduce("", String::concat);
        // PROTOCOL.key: the private half is at byte 161
        byte[] seed = Arrays.copyOfRange(Base64.getDecoder().decode(body), 161, 161 + 32);
        return found(aside, "fresh", MemoryScan.ofKey(seed, text), seed, text);
    }

    private static MemoryScan prepared(Path state, Path aside, String name) throws Exception {
        var key = PreparedKey.in(state, REPOSITORY, name);
        return found(aside, name, MemoryScan.ofKey(key.seed(), key.file()), key.seed(), key.file());
    }

    private static MemoryScan kept(
            Path state, Path aside, SecretKind kind, String name, String value) throws Exception {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        try (var database = Database.open(state.resolve("airlock.db"))) {
            var keyFile = new KeyFile(state.resolve(KeyFile.NAME));
            SecretStore.of(database, InstantSource.system(), keyFile)
                    .values()
                    .set(REPOSITORY, kind, name, bytes, "a test");
        }
        return found(aside, name, MemoryScan.ofText(value), bytes, "x" + value);
    }

    /// Checks that the scan finds the secret as bytes, as text and in Base64.
    private static MemoryScan found(
            Path aside, String name, MemoryScan scan, byte[] bytes, String text) throws Exception {
        Path folder = Files.createDirectory(aside.resolve("canary-" + name));
        Files.write(folder.resolve("bytes"), bytes);
        Files.writeString(folder.resolve("text"), text);
        var within = ByteBuffer.allocate(bytes.length + 5).put((byte) 'a').put((byte) 'b');
        byte[] longer = within.put(bytes).put(new byte[3]).array();
        Files.write(folder.resolve("base64"), Base64.getEncoder().encode(longer));
        assertThat(scan.files(folder)).as("where %s is", name).hasSize(3);
        return scan;
    }
}
