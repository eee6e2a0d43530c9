package airlock.egress;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// `openssl s_server` that chooses one of two certificates by the server name of a hello. It
/// accepts only P-256, so it asks each client that guesses another group for a second hello.
final class OpensslServer implements AutoCloseable {
    private static final String ACCEPTS = "ACCEPT 127.0.0.1:";
    private static final String NAMED = "Hostname in TLS extension: ";

    private final Process process;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final int port;

    /// @param other the server name that gets the second certificate
    OpensslServer(Path folder, String name, String other) throws Exception {
        certificate(folder, name);
        certificate(folder, other);
        process =
                new ProcessBuilder(
                                // else it buffers its output until it ends
                                "stdbuf",
                                "-oL",
                                "openssl",
                                "s_server",
                                "-accept",
                                "127.0.0.1:0",
                                "-cert",
                                name + ".crt",
                                "-key",
                                name + ".key",
                                "-cert2",
                                other + ".crt",
                                "-key2",
                                other + ".key",
                                "-servername",
                                other,
                                "-groups",
                                "P-256",
                                "-tls1_3")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        Thread.ofVirtual().name("openssl-lines").start(this::read);
        port = Integer.parseInt(line(ACCEPTS));
    }

    int port() {
        return port;
    }

    /// The server name of the next hello that the server read.
    String named() throws InterruptedException {
        return line(NAMED).replace("\"", "");
    }

    /// The output that was not taken yet.
    List<String> linesSoFar() {
        return List.copyOf(lines);
    }

    private String line(String begins) throws InterruptedException {
        while (true) {
            String line = lines.poll(20, TimeUnit.SECONDS);
            if (line == null) {
                throw new AssertionError("openssl never said " + begins);
            }
            if (line.startsWith(begins)) {
                return line.substring(begins.length());
            }
        }
    }

    private void read() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            reader.lines().forEach(lines::add);
        } catch (IOException e) {
            lines.add(String.valueOf(e.getMessage()));
        }
    }

    private static void certificate(Path folder, String name) throws Exception {
        var made =
                new ProcessBuilder(
                                "openssl",
                                "req",
                                "-x509",
                                "-newkey",
                                "ec",
                                "-pkeyopt",
                                "ec_paramgen_curve:P-256",
                                "-nodes",
                                "-keyout",
                                name + ".key",
                                "-out",
                                name + ".crt",
                                "-subj",
                                "/CN=" + name,
                                "-days",
                                "2")
                        .directory(folder.toFile())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (made.waitFor() != 0) {
            throw new AssertionError(output);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
