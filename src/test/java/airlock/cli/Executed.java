package airlock.cli;

import java.io.PrintWriter;
import java.io.StringWriter;

/// A test that runs `airlock` in this JVM, with what it prints.
abstract class Executed {
    final StringWriter out = new StringWriter();
    final StringWriter err = new StringWriter();

    /// Runs `airlock` with these words; returns the exit code.
    final int execute(String... words) {
        return AirlockCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(words);
    }
}
