package airlock.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Debian's sshd on loopback with one host key, for the user who runs the test. A login gets a
/// forced command, which confirms the login, or goes one hop further on request.
final class TestSshd implements AutoCloseable {
    static final Path PROGRAM = Path.of("/usr/sbin/sshd");
    static final String USER = System.getProperty("user.name");

    private final Path folder;
    private final int port;
    private final Process process;

    /// @param type of the host key, and its bits, as ssh-keygen takes them
    /// @param login the public key that may log in, a line
    TestSshd(Path folder, String type, int bits, String login)
            throws IOException, InterruptedException {
        this.folder = folder;
        String[] key = {
            "ssh-keygen", "-q", "-t", type, "-b", "" + bits, "-N", "", "-f", file("host")
        };
        assertThat(run(Map.of(), key)).isEmpty();
        Files.writeString(folder.resolve("authorized"), login + "\n");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.0.0.1]:%d %s".formatted(port, Files.readString(folder.resolve("host.pub"))));
        Path forced = folder.resolve("forced");
        Files.writeString(
                forced,
                "#!/bin/sh\ncase $SSH_ORIGINAL_COMMAND in\nhop) exec %s ;;\nesac\necho let in\n"
                        .formatted(String.join(" ", client(List.of("true")))));
        Files.setPosixFilePermissions(forced, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.writeString(folder.resolve("config"), config(forced));
        if (USER.equals("root")) {
            // sshd's privilege separation wants it; a machine without a running sshd lacks it
            Files.createDirectories(Path.of("/run/sshd"));
        }
        process =
                new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", file("config"))
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        await().atMost(Duration.ofSeconds(20)).until(this::listens);
    }

    private String config(Path forced) {
        return """
        ListenAddress 127.0.0.1
        Port %d
        HostKey %s
        PidFile none
        AuthorizedKeysFile %s
        StrictModes no
        PermitRootLogin yes
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        UsePAM no
        ForceCommand %s
        """
                .formatted(port, file("host"), file("authorized"), forced);
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String file(String name) {
        return folder.resolve(name).toString();
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
                        "UserKnownHostsFile=" + file("known_hosts"),
                        "GlobalKnownHostsFile=/dev/null",
                        "IdentityFile=none",
                        "PreferredAuthentications=publickey")) {
            command.addAll(List.of("-o", option));
        }
        var options = rest.stream().filter(word -> word.startsWith("-")).toList();
        command.addAll(options);
        command.add(USER + "@127.0.0.1");
        command.addAll(rest.subList(options.size(), rest.size()));
        return command;
    }

    /// Logs in.
    ///
    /// @return all that is printed
    String login(Path agent, String... rest) throws IOException, InterruptedException {
        return run(
                Map.of("SSH_AUTH_SOCK", agent.toString()),
                client(List.of(rest)).toArray(String[]::new));
    }

    static String run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("SSH_AUTH_SOCK");
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).as(output).isTrue();
        return output;
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(20, TimeUnit.SECONDS).join();
    }
}
