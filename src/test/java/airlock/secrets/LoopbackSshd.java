package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Debian's sshd on loopback, for the user who runs the test.
public final class LoopbackSshd implements AutoCloseable {
    public static final Path PROGRAM = Path.of("/usr/sbin/sshd");
    public static final String USER = System.getProperty("user.name");

    private final int port;
    private final Process process;

    /// @param folder has the host key `host`; gets the file `config`, and the `log`
    /// @param settings lines of sshd_config(5), besides those that all tests need
    public LoopbackSshd(Path folder, int port, String settings) throws IOException {
        this.port = port;
        Path config = folder.resolve("config");
        Files.writeString(
                config,
                """
                Port %d
                ListenAddress 127.0.0.1
                HostKey %s
                PidFile none
                StrictModes no
                PermitRootLogin yes
                PasswordAuthentication no
                KbdInteractiveAuthentication no
                UsePAM no
                %s
                """
                        .formatted(port, folder.resolve("host"), settings));
        if (Files.isWritable(Path.of("/run"))) {
            // sshd's privilege separation wants it; a machine without a running sshd lacks it
            Files.createDirectories(Path.of("/run/sshd"));
        }
        process =
                new ProcessBuilder(PROGRAM.toString(), "-D", "-e", "-f", config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("log").toFile())
                        .start();
        await().atMost(Duration.ofSeconds(20)).until(this::listens);
    }

    private boolean listens() {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    /// A port that was free a moment ago.
    public static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Makes a key pair, by default an Ed25519 one, in `file` and beside it in `file.pub`.
    ///
    /// @param options of ssh-keygen(1)
    public static Path key(Path file, String... options) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("ssh-keygen", "-q", "-N", "", "-f", "" + file));
        command.addAll(List.of(options.length == 0 ? new String[] {"-t", "ed25519"} : options));
        assertThat(run(Map.of(), command.toArray(String[]::new))).isEmpty();
        return file;
    }

    /// Runs a program to its end; returns all that it prints.
    public static String run(Map<String, String> environment, String... command)
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
