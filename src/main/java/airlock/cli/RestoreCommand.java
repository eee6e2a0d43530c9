package airlock.cli;

import airlock.app.Restoring;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// `airlock restore`.
@Command(
        name = "restore",
        description = "Fills an empty state directory from a backup, and checks every byte of it.",
        mixinStandardHelpOptions = true)
final class RestoreCommand extends Output {
    @Mixin private ConfigOption config;

    @Parameters(paramLabel = "FILE", description = "what `airlock backup` wrote")
    private Path file;

    @Override
    public Integer call() {
        Path state = config.read(err()).state();
        var restored = Restoring.restore(state, file);
        out().printf(
                        "restored %d files of %s into %s; %d requests and runs that had not ended go on with `airlock serve`%n",
                        restored.files(), restored.made(), state, restored.open());
        return ExitCode.OK;
    }
}
