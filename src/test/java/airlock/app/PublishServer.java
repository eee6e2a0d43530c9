package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Debian's sshd on loopback for the user who runs the test, whose one key may do no more than
/// publish: files below `www` by rsync, and uploads by scp as dput does them.
final class PublishServer implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final Process process;

    private PublishServer(Path directory, int port, Process process) {
        this.directory = directory;
        this.port = port;
        this.process = process;
    }

    /// @param directory where it keeps everything
    /// @param publicKey in OpenSSH's one-line format
    static PublishServer start(Path directory, int port, String publicKey) throws Exception {
        return start(directory, port, publicKey, true);
    }

    /// One whose key may do anything.
    static PublishServer open(Path directory, int port, String publicKey) throws Exception {
        return start(directory, port, publicKey, false);
    }

    private static PublishServer start(
            Path directory, int port, String publicKey, boolean isRestricted) throws Exception {
        Files.createDirectories(directory.resolve("www"));
        Files.createDirectories(directory.resolve("incoming"));
        Path host = directory.resolve("host");
        var keygen =
                new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", "" + host)
                        .inheritIO()
                        .start();
        assertThat(keygen.waitFor()).isZero();
        if (isRestricted) {
            force(directory, publicKey);
        } else {
            Files.writeString(directory.resolve("authorized"), publicKey + "\n");
        }
        Path config = configure(directory, port, host);
        if (Files.isWritable(Path.of("/run"))) {
            Files.createDirectories(Path.of("/run/sshd")); // where sshd as root locks itself in
        }
        var process =
                new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        var server = new PublishServer(directory, port, process);
        await().until(server::listens);
        return server;
    }

    /// Lets the key do what is needed and nothing else.
    private static void force(Path directory, String publicKey) throws IOException {
        Path forced = directory.resolve("forced");
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
        Files.writeString(
                directory.resolve("authorized"),
                "restrict,command=\"%s\" %s\n".formatted(forced, publicKey));
    }

    private static Path configure(Path directory, int port, Path host) throws IOException {
        return Files.writeString(
                directory.resolve("config"),
                """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                AuthorizedKeysFile %s/authorized
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin yes
                Subsystem sftp internal-sftp
                """
                        .formatted(port, host, directory));
    }

    /// A port that was free a moment ago.
    static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Its own key, type and Base64.
    String hostKey() throws IOException {
        String[] words = Files.readString(directory.resolve("host.pub")).split(" ", 3);
        return words[0] + " " + words[1];
    }

    /// The files below one of its folders, by their names.
    List<String> files(String folder) throws IOException {
        Path top = directory.resolve(folder);
        try (var files = Files.walk(top)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> top.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    /// What was asked of it, and what it says itself.
    String log() throws IOException {
        Path commands = directory.resolve("commands");
        return (Files.exists(commands) ? Files.readString(commands) : "")
                + Files.readString(directory.resolve("log"));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
