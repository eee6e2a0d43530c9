package airlock.image;

import java.nio.file.Path;

/// Runs a script as a tool, for a test that kills this process meanwhile.
final class ToolMain {
    private ToolMain() {}

    /// Runs it.
    ///
    /// @param arguments where its stdout goes, the script
    public static void main(String[] arguments) throws InterruptedException {
        new Tool("sh").write(Path.of(arguments[0]), "-c", arguments[1]);
    }
}
