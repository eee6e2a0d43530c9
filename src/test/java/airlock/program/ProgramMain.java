package airlock.program;

import java.time.Duration;
import java.util.List;

/// Runs a script as a program and says how it ended, for a test of signals that would else reach
/// the JVM of all tests.
final class ProgramMain {
    private ProgramMain() {}

    /// Runs it.
    ///
    /// @param arguments the script
    public static void main(String[] arguments) throws InterruptedException {
        var ending = Program.run(List.of("sh", "-c", arguments[0]), Duration.ofSeconds(20));
        System.out.println("went on after: " + ending.words());
    }
}
