package airlock.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that prints. The annotation gives each one `--help` and `--version`.
@CommandLine.Command(mixinStandardHelpOptions = true)
abstract class Output implements Callable<Integer> {
    private final long start = System.nanoTime();

    @Spec private CommandSpec spec;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /// Whether stdin and stdout are a terminal.
    @SuppressWarnings("SystemConsoleNull") // Java 25 returns null again without a console
    static boolean isTerminal() {
        var console = System.console();
        return console != null && console.isTerminal();
    }

    /// Whether to print colours: on a terminal, unless NO_COLOR is set (no-color.org).
    static boolean colours() {
        return isTerminal() && environment("NO_COLOR").isEmpty();
    }

    /// A variable of the environment; empty values count as unset.
    static Optional<String> environment(String name) {
        return Optional.ofNullable(System.getenv(name)).filter(value -> !value.isEmpty());
    }

    /// Writes a new configuration file, and says what to do next.
    void write(Path file, String text) throws IOException {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw new CliException(ExitCode.BROKE, file + " is there already; name another file");
        }
        out().println("wrote " + file + "; fill it in, then: airlock check --config " + file);
    }

    /// Reports a slow step with the time since the command began, on stderr so that pipes get only
    /// answers.
    void progress(String line) {
        var passed = Duration.ofNanos(System.nanoTime() - start);
        err().println(String.format(Locale.ROOT, "%6.1f s  %s", passed.toMillis() / 1000.0, line));
        err().flush();
    }
}
