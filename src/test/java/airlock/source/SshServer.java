package airlock.source;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/// Debian's sshd on the loopback interface, for the user who runs the test, with keys of its own.
final class SshServer implements AutoCloseable {
    private final Path directory;
    private final int port;
    private final Process process;

    SshServer(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Files.createDirectories(directory);
        key("host");
        key("user");
        Files.copy(directory.resolve("user.pub"), directory.resolve("authorized"));
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Path config = directory.resolve("config");
        Files.writeString(
                config,
                """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s/host
                AuthorizedKeysFile %s/authorized
                PidFile none
                StrictModes no
                UsePAM no
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                PermitRootLogin yes
                AcceptEnv GIT_PROTOCOL
                """
                        .formatted(port, directory, directory));
        if (Files.isWritable(Path.of("/run"))) {
            Files.createDirectories(Path.of("/run/sshd")); // where sshd as root locks itself in
        }
        process =
                new ProcessBuilder("/usr/sbin/sshd", "-D", "-e", "-f", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("log").toFile())
                        .start();
        await().until(this::listens);
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// Makes an Ed25519 key, `name` and `name.pub`.
    Path key(String name) throws IOException, InterruptedException {
        Path file = directory.resolve(name);
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file.toString());
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        if (new ProcessBuilder(List.of(command)).inheritIO().start().waitFor() != 0) {
            throw new IOException("failed: " + String.join(" ", command));
        }
    }

    /// The user's private key.
    String privateKey() throws IOException {
        return Files.readString(directory.resolve("user"));
    }

    /// A known_hosts file with `key`, a public one's file name.
    Path knownHosts(String key) throws IOException {
        Path file = directory.resolve("known_hosts-" + key);
        String publicKey = Files.readString(directory.resolve(key + ".pub"));
        return Files.writeString(file, "# ours\n[127.0.0.1]:%d %s".formatted(port, publicKey));
    }

    URI url(Path repository) {
        return URI.create(
                "ssh://%s@127.0.0.1:%d%s"
                        .formatted(System.getProperty("user.name"), port, repository));
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("log"));
    }

    @Override
    public void close() {
        process.destroy();
    }
}
