package airlock.cli;

import airlock.backup.Backup;
import airlock.config.KeyPlace;
import airlock.machine.StateDirectory;
import airlock.machine.StateDirectory.StateOwner;
import java.nio.file.Path;
import java.time.InstantSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backup",
        description =
                "Writes all state that can't be made again into one file, also while the server"
                        + " works.")
final class BackupCommand extends Output {
    @Mixin private ConfigOption config;

    @Parameters(
            paramLabel = "FILE",
            description = "replaced if it is there, once the new one is whole")
    private Path file;

    @Option(names = "--without-logs", description = "leaves the logs of runs out")
    private boolean withoutLogs;

    @Override
    public Integer call() throws InterruptedException {
        Path state = config.read().state();
        StateOwner.require(state);
        var made = new Backup(state, InstantSource.system()).make(file, !withoutLogs);
        made.missing()
                .forEach(
                        hash ->
                                err().println(
                                                "warning: the output "
                                                        + hash
                                                        + " is not on the disk, so not in the"
                                                        + " backup"));
        long more = made.lost() - made.missing().size();
        if (more > 0) {
            err().println("warning: so are " + more + " more outputs");
        }
        out().printf("wrote %s: %d files, %s%n", file, made.files(), DuCommand.size(made.bytes()));
        return ExitCode.OK;
    }

    @Command(
            name = "restore",
            description =
                    "Fills an empty state directory from a backup, and checks every byte of it.")
    static final class RestoreCommand extends Output {
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
}
