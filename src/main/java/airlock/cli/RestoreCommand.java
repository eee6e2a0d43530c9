package airlock.cli;

import airlock.config.KeyPlace;
import airlock.machine.StateDirectory;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock restore`.
@Command(
        name = "restore",
        description = "Fills an empty state directory from a backup, and checks every byte of it.")
final class RestoreCommand extends Output {
    @Mixin private ConfigOption config;

    @Parameters(paramLabel = "FILE", description = "what `airlock backup` wrote")
    private Path file;

    @Option(
            names = "--key-elsewhere",
            description =
                    "the master key is not in the backup: systemd gives it, or you put it in its"
                            + " place")
    private boolean keyElsewhere;

    @Override
    public Integer call() {
        var read = config.read();
        Path state = read.state();
        var restored =
                StateDirectory.restore(
                        state, file, keyElsewhere || read.keyPlace() instanceof KeyPlace.Named);
        out().printf(
                        "restored %d files of %s into %s; %d requests and runs that had not ended"
                                + " go on with `airlock serve`%n",
                        restored.files(), restored.made(), state, restored.open());
        return ExitCode.OK;
    }
}
