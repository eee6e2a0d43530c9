package airlock.app;

import airlock.secrets.LoopbackSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Debian's sshd on loopback for the user who runs the test, whose one key may do no more than
/// publish: files below `www` by rsync, and uploads by scp as dput does them.
final class PublishServer implements AutoCloseable {
    private final Path directory;
    private final LoopbackSshd sshd;

    private PublishServer(Path directory, LoopbackSshd sshd) {
        this.directory = directory;
        this.sshd = sshd;
    }

    /// @param directory for all its files
    /// @param publicKey in OpenSSH's one-line format
    static PublishServer start(Path directory, int port, String publicKey) throws Exception {
        return start(directory, port, () -> force(directory, publicKey));
    }

    /// One that takes certificates of a CA and no keys. What they let is [#forced(Path)], which
    /// they have to name themselves.
    ///
    /// @param ca the CA's public key in OpenSSH's one-line format
    static PublishServer trusting(Path directory, int port, String ca) throws Exception {
        return start(
                directory,
                port,
                () -> {
                    writeForced(directory);
                    Files.writeString(directory.resolve("authorized"), "");
                    Files.writeString(directory.resolve("ca.pub"), ca + "\n");
                });
    }

    /// The command that does what is needed to publish and nothing else.
    static Path forced(Path directory) {
        return directory.resolve("forced");
    }

    /// One whose key may do anything.
    static PublishServer open(Path directory, int port, String publicKey) throws Exception {
        return start(
                directory,
                port,
                () -> Files.writeString(directory.resolve("authorized"), publicKey + "\n"));
    }

    @FunctionalInterface
    private interface Doors {
        void write() throws IOException;
    }

    private static PublishServer start(Path directory, int port, Doors doors) throws Exception {
        Files.createDirectories(directory.resolve("www"));
        Files.createDirectories(directory.resolve("incoming"));
        LoopbackSshd.key(directory.resolve("host"));
        doors.write();
        Path ca = directory.resolve("ca.pub");
        String settings =
                "Subsystem sftp internal-sftp\nAuthorizedKeysFile %s/authorized\n%s"
                        .formatted(directory, Files.exists(ca) ? "TrustedUserCAKeys " + ca : "");
        return new PublishServer(directory, new LoopbackSshd(directory, port, settings));
    }

    /// Lets the key do what is needed and nothing else.
    private static void force(Path directory, String publicKey) throws IOException {
        writeForced(directory);
        Files.writeString(
                directory.resolve("authorized"),
                "restrict,command=\"%s\" %s\n".formatted(forced(directory), publicKey));
    }

    private static void writeForced(Path directory) throws IOException {
        Path forced = forced(directory);
        Files.writeString(
                forced,
                """
                #!/bin/bash
                echo "$SSH_ORIGINAL_COMMAND" >>%1$s/commands
                case $SSH_ORIGINAL_COMMAND in
                  'rsync --server '*) exec rrsync -wo %1$s/www ;;
                  internal-sftp) exec /usr/lib/openssh/sftp-server -u 022 ;;
                  'chmod 0644 %1$s/incoming/'*) exec $SSH_ORIGINAL_COMMAND ;;
                esac
                echo "not allowed: $SSH_ORIGINAL_COMMAND" >&2
                exit 1
                """
                        .formatted(directory));
        Files.setPosixFilePermissions(forced, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    String hostKey() throws IOException {
        String[] words = Files.readString(directory.resolve("host.pub")).split(" ", 3);
        return words[0] + " " + words[1];
    }

    List<String> files(String folder) throws IOException {
        Path top = directory.resolve(folder);
        try (var files = Files.walk(top)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    String log() throws IOException {
        Path commands = directory.resolve("commands");
        return (Files.exists(commands) ? Files.readString(commands) : "")
                + Files.readString(directory.resolve("log"));
    }

    @Override
    public void close() {
        sshd.close();
    }
}
