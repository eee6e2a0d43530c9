package airlock.cli;

import airlock.control.Command;
import airlock.control.ControlServer;
import airlock.control.Reply;
import airlock.machine.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A server that answers from a list, and the commands of people who ask it.
final class CannedServer implements AutoCloseable {
    private final Path config;
    private final ControlServer server;
    private final List<Command> asked = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private List<Reply> answers = List.of();

    CannedServer(Path directory) throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        config =
                Files.writeString(
                        directory.resolve("airlock.yaml"),
                        """
                        base_url: http://127.0.0.1:1
                        state: %s
                        forges: {}
                        repositories: []
                        """
                                .formatted(state));
        server =
                ControlServer.open(
                        StateDirectory.controlSocket(state),
                        (command, _, replies) -> {
                            asked.add(command);
                            answers.forEach(replies);
                        });
    }

    /// From now on answers so.
    void answer(Reply... replies) {
        answers = List.of(replies);
    }

    /// What it was asked so far.
    List<Command> asked() {
        return asked;
    }

    /// Runs `airlock` with these words; returns the exit code.
    int run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", config.toString()));
        return AirlockCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }

    @Override
    public void close() {
        server.close();
    }
}
