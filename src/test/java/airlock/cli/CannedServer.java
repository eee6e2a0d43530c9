package airlock.cli;

import airlock.base.Trees;
import airlock.control.Command;
import airlock.control.ControlServer;
import airlock.control.Reply;
import airlock.machine.StateDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// A server that gives prepared answers, and the commands that are sent to it. A field of a test
/// with `@RegisterExtension` starts anew for each method.
final class CannedServer implements AfterEachCallback {
    private final List<Command> asked = new ArrayList<>();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private List<Reply> answers = List.of();
    private final Path directory;
    private final ControlServer server;

    CannedServer() {
        try {
            directory = Files.createTempDirectory("canned");
            Path state = Files.createDirectory(directory.resolve("state"));
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
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        server.close();
        Trees.remove(directory);
    }

    /// Sets the answer to each later command; a [Reply.Done] is added if it has no end.
    void answer(Reply... replies) {
        var all = new ArrayList<>(List.of(replies));
        if (all.isEmpty()
                || !(all.getLast() instanceof Reply.Done
                        || all.getLast() instanceof Reply.Problem)) {
            all.add(new Reply.Done(""));
        }
        answers = List.copyOf(all);
    }

    /// The commands so far.
    List<Command> asked() {
        return asked;
    }

    /// Runs `airlock` with these words; returns the exit code.
    int run(String... words) {
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--config", directory.resolve("airlock.yaml").toString()));
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
}
