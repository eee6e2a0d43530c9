package airlock.cli;

import airlock.ambient.Project;
import airlock.ambient.ProjectsReader;
import airlock.cli.MigrateCommand.AmbientFiles;
import airlock.cli.PlanCommand.PlanOptions;
import airlock.cli.RunsCommand.LogPrinter;
import airlock.event.Verdict;
import airlock.local.LocalMachine;
import airlock.local.LocalProjects;
import airlock.local.LocalRun;
import airlock.local.LocalSettings;
import airlock.shell.RawTerminal;
import airlock.text.SafeText;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "run",
        description = {
            "Runs the plans of a directory as it lies there, without a forge and "
                    + "without post_plan.",
            "With --projects: the projects of Ambient's projects file, all three "
                    + "phases of each; one whose source is a clean checkout of the commit that "
                    + "passed last is skipped."
        })
final class RunCommand extends Output {
    @Parameters(
            arity = "0..*",
            paramLabel = "DIR|NAME",
            description = {
                "the directory here if left out; without a plan of its own: the checkout it is in.",
                "With --projects: names of projects; all if left out"
            })
    private List<String> words = List.of();

    @Mixin private ProjectOptions projects;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "where image and projects are kept; else airlock below XDG_STATE_HOME or"
                            + " ~/.local/state")
    private @Nullable Path state;

    @Mixin private PlanOptions plans;

    @Option(
            names = "--repository",
            paramLabel = "NAME",
            description = {
                "with --config: the repository of the configuration whose network, image and"
                        + " limits",
                "are taken; else the one that the checkout's remotes or its directory name"
            })
    private @Nullable String repository;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            description =
                    "the directory that gets the artifacts; of several runs, each has its own in"
                            + " it")
    private @Nullable Path output;

    @Option(
            names = "--keep-failed",
            description = "lets you into the machine of a phase that fails, as it failed")
    private boolean keepFailed;

    @Override
    public Integer call() throws InterruptedException {
        if (projects.file().isPresent()) {
            if (repository != null || output != null) {
                throw new CliException(
                        ExitCode.USAGE, "--repository and --output don't go with --projects");
            }
            return projects();
        }
        projects.refuse();
        if (repository != null && projects.config().isEmpty()) {
            throw new CliException(ExitCode.USAGE, "--repository NAME belongs to --config FILE");
        }
        if (output != null && Files.exists(output) && !Files.isDirectory(output)) {
            throw new CliException(ExitCode.USAGE, output + " is no directory");
        }
        if (words.size() > 1) {
            throw new CliException(
                    ExitCode.USAGE, "one directory; names of projects need --projects FILE");
        }
        Path directory = Path.of(words.isEmpty() ? "." : words.getFirst());
        if (!Files.isDirectory(directory)) {
            throw new CliException(ExitCode.USAGE, "there is no directory " + directory);
        }
        Path source = LocalRun.checkout(directory.toAbsolutePath().normalize());
        var settings = settings(source);
        var order = new LocalRun.Order(source, plans.wish(), Optional.ofNullable(output));
        try (var _ = new TidyEnd(Thread.currentThread());
                var machine =
                        new LocalMachine(
                                state(),
                                settings.config(),
                                InstantSource.system(),
                                this::progress)) {
            progress("packing " + source);
            return ExitCode.of(
                    heard(listener -> machine.run(order, settings, listener), "").verdict());
        }
    }

    private LocalSettings settings(Path source) {
        return projects.config()
                .map(file -> ConfigOption.readLocal(file, err()))
                .map(read -> LocalSettings.of(read, Optional.ofNullable(repository), source))
                .orElse(LocalSettings.NONE);
    }

    private Integer projects() throws InterruptedException {
        var order = projects.order(err());
        var chosen = ProjectOptions.chosen(order.projects(), words);
        try (var _ = new TidyEnd(Thread.currentThread());
                var machine =
                        new LocalProjects(state(), order, InstantSource.system(), this::progress)) {
            var due = new ArrayList<Project>();
            for (Project project : chosen) {
                if (!projects.force() && machine.isDone(project)) {
                    progress(
                            called(project)
                                    + " is skipped: its commit was run already; --force runs it"
                                    + " again");
                } else {
                    due.add(project);
                }
            }
            due.forEach(machine::check);
            int worst = ExitCode.OK;
            for (Project project : due) {
                progress("project " + called(project) + ": packing " + project.source());
                var outcome = heard(listener -> machine.run(project, listener), called(project));
                machine.artifacts(project)
                        .filter(_ -> outcome.verdict() == Verdict.PASSED)
                        .ifPresent(file -> progress(called(project) + ": artifacts in " + file));
                worst = Math.max(worst, ExitCode.of(outcome.verdict()));
            }
            return worst;
        }
    }

    private static String called(Project project) {
        return SafeText.line(project.name());
    }

    @FunctionalInterface
    private interface Work {
        LocalRun.Outcome run(LocalRun.Listener listener) throws InterruptedException;
    }

    private LocalRun.Outcome heard(Work work, String project) throws InterruptedException {
        var heard = new Heard();
        var outcome = work.run(heard);
        heard.printer.finish();
        String reason = SafeText.line(outcome.reason());
        String what = outcome.verdict().word() + (reason.isEmpty() ? "" : ": " + reason);
        progress(project.isEmpty() ? what : "project " + project + " " + what);
        return outcome;
    }

    private final class Heard implements LocalRun.Listener {
        private final LogPrinter printer = new LogPrinter(out(), colours());

        @Override
        public void note(String line) {
            // keeps the spaces before a caret
            progress(SafeText.lines(line).replace('\n', ' '));
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
            progress("failed: " + SafeText.line(reason));
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
        return environment("XDG_STATE_HOME")
                .map(Path::of)
                .orElse(Path.of(System.getProperty("user.home"), ".local", "state"))
                .resolve("airlock");
    }

    /// The options of `airlock run` for Ambient's projects.
    static final class ProjectOptions {
        @Option(
                names = "--projects",
                paramLabel = "FILE",
                description = "Ambient's projects file, as it is")
        private @Nullable Path file;

        @Option(names = "--force", description = "with --projects: no project is skipped")
        private boolean force;

        @Option(
                names = "--image",
                paramLabel = "NAME",
                description =
                        "with --projects: the image for all, of the configuration, `airlock image list`"
                                + " or a recipe")
        private @Nullable String image;

        @Option(
                names = {"-c", "--config"},
                paramLabel = "FILE",
                description =
                        "an Airlock configuration, of which images, mirrors, network and limits are"
                                + " taken; with --projects those of its repository OWNER/PROJECT")
        private @Nullable Path config;

        Optional<Path> file() {
            return Optional.ofNullable(file);
        }

        boolean force() {
            return force;
        }

        /// Fails if an option is given that needs --projects.
        void refuse() {
            if (force || image != null) {
                throw new CliException(
                        ExitCode.USAGE, "--force and --image belong to --projects FILE");
            }
        }

        Optional<Path> config() {
            return Optional.ofNullable(config);
        }

        /// Reads the files; prints warnings to `err`; ends the command if there are mistakes.
        LocalProjects.Order order(PrintWriter err) {
            var read = Optional.ofNullable(config).map(path -> ConfigOption.read(path, err));
            return new LocalProjects.Order(projects(err), read, Optional.ofNullable(image));
        }

        private List<Project> projects(PrintWriter err) {
            var reader = new ProjectsReader(AmbientFiles.home(), image == null);
            return AmbientFiles.value(reader.read(file().orElseThrow()), err);
        }

        /// The projects with these names in the file's order; all if `names` is empty.
        static List<Project> chosen(List<Project> projects, List<String> names) {
            var unknown = new ArrayList<>(names);
            projects.forEach(project -> unknown.removeIf(project.name()::equals));
            if (!unknown.isEmpty()) {
                throw new CliException(
                        ExitCode.USAGE,
                        "no project is called '%s'; there are %s"
                                .formatted(
                                        SafeText.line(unknown.getFirst()),
                                        projects.stream()
                                                .map(Project::name)
                                                .map(SafeText::line)
                                                .collect(Collectors.joining(", "))));
            }
            return projects.stream()
                    .filter(project -> names.isEmpty() || names.contains(project.name()))
                    .toList();
        }
    }
}
