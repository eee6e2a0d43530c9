package airlock.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `airlock check`.
@Command(
        name = "check",
        description = "Reads the configuration, shows all its problems and stops.",
        mixinStandardHelpOptions = true)
final class CheckCommand extends Output {
    @Mixin private ConfigOption config;

    @Override
    public Integer call() {
        var read = config.read(err());
        out().println(
                        config.file()
                                + " is fine: "
                                + read.repositories().size()
                                + " repositories at "
                                + read.forges().size()
                                + " forges");
        return ExitCode.OK;
    }
}
