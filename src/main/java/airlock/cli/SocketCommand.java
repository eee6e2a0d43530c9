package airlock.cli;

import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.machine.StateDirectory;
import airlock.machine.StateOwner;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/// A command that the running server carries out.
abstract class SocketCommand extends Output {
    @Mixin private ConfigOption config;

    /// Where the server of this configuration listens.
    Path socket() {
        Path state = config.read().state();
        StateOwner.requireUnlessRoot(state);
        return StateDirectory.controlSocket(state);
    }

    /// Sends `command`; all lines of the answer but its last go to `lines`.
    int send(Command command, Consumer<Reply> lines) {
        var last = new int[] {ExitCode.OK};
        new ControlClient(socket())
                .send(
                        command,
                        reply -> {
                            switch (reply) {
                                case Reply.Done(String message) -> {
                                    if (!message.isEmpty()) {
                                        out().println(SafeText.lines(message));
                                    }
                                }
                                case Reply.Problem problem -> {
                                    err().println(SafeText.lines(problem.message()));
                                    last[0] = ExitCode.NO;
                                }
                                case Reply item -> lines.accept(item);
                            }
                        });
        out().flush();
        return last[0];
    }

    /// How an item of a list is shown.
    ///
    /// @param line for people
    /// @param members for programs
    record Form<R>(Function<R, String> line, Function<R, Map<String, @Nullable Object>> members) {}

    /// Prints a list that the server has, as lines or as a JSON object with the list `name`.
    <R extends Reply> int list(
            Command command, Class<R> kind, JsonOption json, String name, Form<R> form) {
        var all = new ArrayList<R>();
        int code =
                send(
                        command,
                        reply -> {
                            if (kind.isInstance(reply)) {
                                all.add(kind.cast(reply));
                            }
                        });
        if (json.isWanted()) {
            if (code == ExitCode.OK) {
                out().println(JsonOption.text(name, all.stream().map(form.members()).toList()));
            }
        } else {
            all.stream().map(form.line()).forEach(out()::println);
        }
        out().flush();
        return code;
    }

    /// Reads a run's id.
    static RunId run(String text) {
        try {
            return new RunId(text);
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, e.getMessage() + "; `airlock runs` lists them");
        }
    }
}
