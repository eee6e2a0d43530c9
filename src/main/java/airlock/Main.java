package airlock;

import airlock.cli.AirlockCommand;

/// Starts the command line; the only place that ends the process.
public final class Main {
    private Main() {}

    /// Runs the command that `arguments` name and exits with its code.
    public static void main(String[] arguments) {
        System.exit(AirlockCommand.run(arguments));
    }
}
