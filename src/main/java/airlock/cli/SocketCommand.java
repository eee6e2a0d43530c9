package airlock.cli;

import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.machine.StateDirectory;
import airlock.machine.StateDirectory.StateOwner;
import airlock.text.SafeText;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// A command that the running server carries out.
abstract class SocketCommand extends Output {
    @Mixin private ConfigOption config;

    Path socket() {
        Path state = config.read().state();
        StateOwner.requireUnlessRoot(state);
        return StateDirectory.controlSocket(state);
    }

    /// Sends `command` and prints how it ended.
    int send(Command command) {
        return send(command, Reply.class, _ -> {});
    }

    /// Sends `command` and prints how it ended; `items` gets the replies of one kind before that.
    <R extends Reply> int send(Command command, Class<R> kind, Consumer<R> items) {
        var code = new AtomicInteger(ExitCode.OK);
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
                                case Reply.Problem(String message) -> {
                                    err().println(SafeText.lines(message));
                                    code.set(ExitCode.NO);
                                }
                                case Reply item -> {
                                    if (kind.isInstance(item)) {
                                        items.accept(kind.cast(item));
                                    }
                                }
                            }
                        });
        out().flush();
        return code.get();
    }

    /// Prints a list of the server: a line for each item, or a JSON object with the list `name`.
    <R extends Reply> int list(
            Command command,
            Class<R> kind,
            JsonOption json,
            String name,
            Function<R, String> line) {
        var all = new ArrayList<R>();
        int code = send(command, kind, all::add);
        if (!json.isWanted()) {
            all.forEach(item -> out().println(SafeText.line(line.apply(item))));
        } else if (code == ExitCode.OK) {
            out().println(JsonOption.text(name, all));
        }
        out().flush();
        return code;
    }

    /// A command about one repository.
    abstract static class OfRepository extends SocketCommand {
        @Parameters(
                index = "0",
                paramLabel = "REPOSITORY",
                description = "OWNER/NAME or FORGE/OWNER/NAME")
        private String repository = "";

        String repository() {
            return repository;
        }
    }

    /// A command about one repository, or all.
    abstract static class OfRepositories extends SocketCommand {
        @Parameters(
                arity = "0..1",
                paramLabel = "REPOSITORY",
                description = "OWNER/NAME or FORGE/OWNER/NAME; all if left out")
        private String repository = "";

        /// Empty for all.
        String repository() {
            return repository;
        }
    }

    /// A time as lists show it.
    static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
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
