package airlock.cli;

import airlock.base.FileFaults;
import airlock.cli.BackupCommand.RestoreCommand;
import airlock.cli.RunsCommand.CancelCommand;
import airlock.cli.RunsCommand.LogCommand;
import airlock.cli.RunsCommand.RerunCommand;
import airlock.cli.RunsCommand.WaitCommand;
import airlock.cli.StatusesCommand.SweepCommand;
import airlock.machine.Build;
import airlock.yaml.Nearest;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `airlock`: its subcommands, and the exit codes of failures.
@Command(
        name = "airlock",
        description = "A CI bot whose tests run in throw-away virtual machines.",
        mixinStandardHelpOptions = true,
        versionProvider = AirlockCommand.Version.class,
        subcommands = {
            ServeCommand.class,
            CheckCommand.class,
            InitCommand.class,
            DoctorCommand.class,
            ImageCommand.class,
            RunCommand.class,
            MigrateCommand.class,
            LintCommand.class,
            PlanCommand.class,
            RunsCommand.class,
            LogCommand.class,
            WaitCommand.class,
            CancelCommand.class,
            RerunCommand.class,
            SweepCommand.class,
            StatusesCommand.class,
            DuCommand.class,
            CacheCommand.class,
            VmCommand.class,
            NetworkCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            HookCommand.class,
            SecretCommand.class,
            TokenCommand.class,
            DeliverCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; of a run: passed",
            "1:the answer is no: a run failed, the doctor found something",
            "2:the command line is wrong",
            "3:the configuration is wrong",
            "4:it could not be done"
        })
public final class AirlockCommand implements Runnable {
    /// The property that src/main/resources/logback.xml reads.
    private static final String LOG = "airlock.log";

    @Spec private CommandSpec spec;

    /// Runs the command that `arguments` name and returns its exit code.
    public static int run(String... arguments) {
        if (!List.of(arguments).contains("serve") && System.getProperty(LOG) == null) {
            System.setProperty(LOG, "WARN");
        }
        return commandLine().execute(arguments);
    }

    /// The whole command line, for help, tests and documents.
    public static CommandLine commandLine() {
        var line = new CommandLine(new AirlockCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((fault, _) -> wrong(fault));
        line.setExecutionExceptionHandler((fault, command, _) -> ended(fault, command.getErr()));
        return line;
    }

    /// Reports a usage error, with the nearest known word.
    private static int wrong(CommandLine.ParameterException fault) {
        var command = fault.getCommandLine();
        var err = command.getErr();
        err.println(fault.getMessage());
        var word =
                fault instanceof CommandLine.UnmatchedArgumentException unmatched
                        ? unmatched.getUnmatched().getFirst()
                        : "";
        var words =
                word.startsWith("-")
                        ? command.getCommandSpec().optionsMap().keySet()
                        : command.getSubcommands().keySet();
        Nearest.of(word, words).ifPresent(near -> err.println("did you mean " + near + "?"));
        err.println("`" + command.getCommandSpec().qualifiedName() + " --help` tells more");
        return ExitCode.USAGE;
    }

    private static int ended(Exception fault, PrintWriter err) {
        if (fault instanceof CliException known) {
            err.println(known.getMessage());
            return known.code();
        }
        if (!(fault instanceof InterruptedException)) {
            err.println(FileFaults.message(fault));
            if (System.getenv("AIRLOCK_STACKTRACE") != null) {
                fault.printStackTrace(err);
            }
        }
        return ExitCode.BROKE;
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"airlock " + Build.version()};
        }
    }
}
