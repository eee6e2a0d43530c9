package airlock.vm;

import airlock.program.Program;
import airlock.sandbox.Launcher;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Starts QEMU on a machine that is ten times slower: it is stopped nine tenths of the time.
final class SlowedStarter implements Launcher.Starter, AutoCloseable {
    private static final int STOPPED = 90;
    private static final int RUNNING = 10;

    /// Has `kill` built in; gets commands on stdin.
    private final Process shell;

    SlowedStarter() throws IOException {
        shell = new ProcessBuilder("bash").redirectErrorStream(true).start();
        Thread.ofVirtual().start(this::drain);
    }

    private void drain() {
        try {
            shell.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // closed
        }
    }

    @Override
    public Process start(Program program) throws IOException {
        var process = program.start();
        Thread.ofVirtual().start(() -> slow(process));
        return process;
    }

    private void slow(Process process) {
        try {
            while (process.isAlive()) {
                var qemu = qemu(process);
                send("STOP", qemu);
                Thread.sleep(STOPPED);
                send("CONT", qemu);
                Thread.sleep(RUNNING);
            }
        } catch (InterruptedException | IOException _) {
            // closed
        }
    }

    private static Optional<ProcessHandle> qemu(Process process) {
        return process.descendants()
                .filter(p -> p.info().command().filter(c -> c.contains("qemu")).isPresent())
                .findFirst();
    }

    private synchronized void send(String signal, Optional<ProcessHandle> to) throws IOException {
        if (to.isPresent()) {
            var line = "kill -%s %d\n".formatted(signal, to.orElseThrow().pid());
            shell.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
            shell.getOutputStream().flush();
        }
    }

    @Override
    public void close() {
        shell.destroyForcibly();
    }
}
