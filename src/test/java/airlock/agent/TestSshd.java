package airlock.agent;

import airlock.secrets.LoopbackSshd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/// An sshd with one host key. A login gets a forced command, which confirms the login, or goes one
/// hop further on request.
final class TestSshd implements AutoCloseable {
    private final Path folder;
    private final int port = LoopbackSshd.freePort();
    private final LoopbackSshd sshd;

    /// @param type of the host key, and its bits, as ssh-keygen takes them
    /// @param login the public key that may log in, a line
    TestSshd(Path folder, String type, int bits, String login)
            throws IOException, InterruptedException {
        this.folder = folder;
        LoopbackSshd.key(folder.resolve("host"), "-t", type, "-b", "" + bits);
        Path authorized = Files.writeString(folder.resolve("authorized"), login + "\n");
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:%d %s".formatted(port, Files.readString(folder.resolve("host.pub"))));
        Path forced = folder.resolve("forced");
        Files.writeString(
                forced,
                "#!/bin/sh\ncase $SSH_ORIGINAL_COMMAND in\nhop) exec %s ;;\nesac\necho let in\n"
                        .formatted(String.join(" ", client(List.of("true")))));
        Files.setPosixFilePermissions(forced, PosixFilePermissions.fromString("rwxr-xr-x"));
        String settings = "AuthorizedKeysFile %s\nForceCommand %s".formatted(authorized, forced);
        sshd = new LoopbackSshd(folder, port, settings);
    }

    HostKey key() throws IOException {
        String base64 = Files.readString(folder.resolve("host.pub")).split(" ", 3)[1];
        return ((HostKey.Reading.Read) HostKey.read(Base64.getDecoder().decode(base64))).key();
    }

    /// The ssh command that logs in here with an agent's keys alone.
    ///
    /// @param rest options, and the command
    List<String> client(List<String> rest) {
        var command = new ArrayList<String>();
        command.addAll(List.of("ssh", "-F", "none", "-T", "-p", "" + port));
        for (String option :
                List.of(
                        "BatchMode=yes",
                        "StrictHostKeyChecking=yes",
                        "UserKnownHostsFile=" + folder.resolve("known_hosts"),
                        "GlobalKnownHostsFile=/dev/null",
                        "IdentityFile=none",
                        "PreferredAuthentications=publickey")) {
            command.addAll(List.of("-o", option));
        }
        var options = rest.stream().filter(word -> word.startsWith("-")).toList();
        command.addAll(options);
        command.add(LoopbackSshd.USER + "@127.0.0.1");
        command.addAll(rest.subList(options.size(), rest.size()));
        return command;
    }

    /// Logs in.
    ///
    /// @return all that is printed
    String login(Path agent, String... rest) throws IOException, InterruptedException {
        return LoopbackSshd.run(
                Map.of("SSH_AUTH_SOCK", agent.toString()),
                client(List.of(rest)).toArray(String[]::new));
    }

    @Override
    public void close() {
        sshd.close();
    }
}
