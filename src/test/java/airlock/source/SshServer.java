package airlock.source;

import airlock.secrets.LoopbackSshd;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/// An sshd that lets one key in.
final class SshServer implements AutoCloseable {
    private final Path directory;
    private final int port = LoopbackSshd.freePort();
    private final LoopbackSshd sshd;

    SshServer(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        Files.createDirectories(directory);
        key("host");
        Files.copy(Path.of(key("user") + ".pub"), directory.resolve("authorized"));
        String settings = "AcceptEnv GIT_PROTOCOL\nAuthorizedKeysFile " + directory + "/authorized";
        sshd = new LoopbackSshd(directory, port, settings);
    }

    /// Makes an Ed25519 key, `name` and `name.pub`.
    Path key(String name) throws IOException, InterruptedException {
        return LoopbackSshd.key(directory.resolve(name));
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
        return URI.create("ssh://%s@127.0.0.1:%d%s".formatted(LoopbackSshd.USER, port, repository));
    }

    @Override
    public void close() {
        sshd.close();
    }
}
