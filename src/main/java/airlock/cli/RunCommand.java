package airlock.cli;

import airlock.app.LocalMachine;
import airlock.app.LocalRun;
import airlock.app.RawTerminal;
import airlock.event.Texts;
import airlock.event.Verdict;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock run`.
@Command(
        name = "run",
        description =
                "Runs the plans of a directory as it lies there, without a forge and without post_plan.",
        mixinStandardHelpOptions = true)
final class RunCommand extends Output {
    @Parameters(
            paramLabel = "DIR",
            defaultValue = ".",
            description =
                    "the directory here if left out; without a plan of its own: the checkout it is in")
    private Path directory;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "where the image is kept; else airlock below XDG_STATE_HOME or ~/.local/state")
    private @Nullable Path state;

    @Mixin private PlanOptions plans;

    @Option(
            names = "--keep-failed",
            description = "lets you into the machine of a phase that fails, as it failed")
    private boolean keepFailed;

    @Override
    public Integer call() throws InterruptedException {
        if (!Files.isDirectory(directory)) {
            throw new CliException(ExitCode.USAGE, "there is no directory " + directory);
        }
        Path source = LocalRun.checkout(directory.toAbsolutePath().normalize());
        try (var _ = new TidyEnd(Thread.currentThread());
                var machine = new LocalMachine(state(), InstantSource.system(), this::progress)) {
            progress("packing " + source);
            var heard = new Heard(new LogPrinter(out(), colours()));
            var outcome = machine.run(source, plans.wish(), heard);
            heard.printer().finish();
            String reason = Texts.line(outcome.reason());
            progress(outcome.verdict().word() + (reason.isEmpty() ? "" : ": " + reason));
            return code(outcome.verdict());
        }
    }

    private final class Heard implements LocalRun.Listener {
        private final LogPrinter printer;

        Heard(LogPrinter printer) {
            this.printer = printer;
        }

        LogPrinter printer() {
            return printer;
        }

        @Override
        public void note(String line) {
            // the spaces before a caret count
            progress(Texts.lines(line).replace('\n', ' '));
        }

        @Override
        public void log(String step, int stream, byte[] bytes) {
            printer.print(step, stream, bytes);
        }

        @Override
        public boolean keepsFailed() {
            return keepFailed;
        }

        @Override
        public void failed(String reason, LocalRun.Machines.Failed machine)
                throws InterruptedException {
            printer.finish();
            progress("failed: " + Texts.line(reason));
            if (!RawTerminal.isThere()) {
                progress("stdin is no terminal; run this in one to look into the failed machine");
                return;
            }
            progress("you are in the failed machine now; `exit` leaves and ends it");
            var size = RawTerminal.size();
            try (var console = machine.enter(size.columns(), size.rows())) {
                var visitor = new Visitor(System.in, System.out, RawTerminal.shows(), () -> {});
                String why = visitor.stay(console, true).why();
                progress(why.isEmpty() ? "the machine ends" : why);
            }
        }
    }

    private Path state() {
        if (state != null) {
            return state;
        }
        String configured = System.getenv("XDG_STATE_HOME");
        Path base =
                configured == null || configured.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(configured);
        return base.resolve("airlock");
    }

    private static int code(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> ExitCode.OK;
            case FAILED, TIMED_OUT, INVALID_PLAN -> ExitCode.NO;
            case BROKE, CANCELLED, SUPERSEDED -> ExitCode.BROKE;
        };
    }
}
