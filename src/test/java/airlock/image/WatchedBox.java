package airlock.image;

import airlock.sandbox.Launcher;
import airlock.sandbox.Sandbox;
import airlock.vm.QemuSandbox;
import airlock.vm.ToolSandbox;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The walls of this machine, and what was started in them.
final class WatchedBox implements Sandbox, AutoCloseable {
    private final List<String> started = new ArrayList<>();
    private final Launcher launcher = new Launcher();
    private final ToolSandbox enclosure;

    WatchedBox() throws IOException, InterruptedException {
        enclosure = new ToolSandbox(QemuSandbox.detect(), launcher, List.of());
    }

    /// All words of all commands.
    List<String> started() {
        return started;
    }

    @Override
    public Process start(Path home, List<Path> reads, List<String> command) throws IOException {
        started.addAll(command);
        return enclosure.start(home, reads, command);
    }

    @Override
    public void close() {
        launcher.close();
    }
}
