package airlock.cli;

import airlock.base.FileFaults;
import airlock.yaml.Nearest;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `airlock`: the commands below it, and how their faults end.
@Command(
        name = "airlock",
        description = "A CI bot whose tests run in throw-away virtual machines.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
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

    /// The command line with all its commands, for help, tests and documents.
    public static CommandLine commandLine() {
        var line = new CommandLine(new AirlockCommand());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler((fault, _) -> wrong(fault));
        line.setExecutionExceptionHandler((fault, command, _) -> ended(fault, command.getErr()));
        return line;
    }

    /// The command line is wrong; of a word that is not known the nearest one is proposed.
    private static int wrong(CommandLine.ParameterException fault) {
        var command = fault.getCommandLine();
        var err = command.getErr();
        err.println(fault.getMessage());
        var word =
                fault instanceof CommandLine.UnmatchedArgumentException unmatched
                        ? unmatched.getUnmatched().getFirst()
                        : "";
        var known =
                word.startsWith("-")
                        ? command.getCommandSpec().optionsMap().keySet()
                        : command.getSubcommands().keySet();
        Nearest.of(word, known).ifPresent(near -> err.println("did you mean " + near + "?"));
        err.println("`" + command.getCommandSpec().qualifiedName() + " --help` tells more");
        return ExitCode.USAGE;
    }

    private static int ended(Exception fault, PrintWriter err) {
        if (fault instanceof CliException told) {
            err.println(told.getMessage());
            return told.code();
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
}
