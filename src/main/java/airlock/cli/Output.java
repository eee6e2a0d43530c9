package airlock.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A command that prints.
abstract class Output implements Callable<Integer> {
    private final long start = System.nanoTime();

    @Spec private CommandSpec spec;

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /// Whether what is printed is seen at once by a person who has not asked for no colours
    /// (no-color.org).
    @SuppressWarnings("SystemConsoleNull") // Java 25 gives null again where there is none
    static boolean colours() {
        var console = System.console();
        String refused = System.getenv("NO_COLOR");
        return console != null && console.isTerminal() && (refused == null || refused.isEmpty());
    }

    /// A line about a long step, with the time since the command began; to stderr, so that pipes
    /// get answers only.
    void progress(String line) {
        var passed = Duration.ofNanos(System.nanoTime() - start);
        err().println(String.format(Locale.ROOT, "%6.1f s  %s", passed.toMillis() / 1000.0, line));
        err().flush();
    }
}
