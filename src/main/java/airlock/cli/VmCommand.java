package airlock.cli;

import airlock.control.Command;
import airlock.control.CommandHandler.Entrance;
import airlock.control.Console;
import airlock.control.ControlClient;
import airlock.control.Reply;
import airlock.event.Phase;
import airlock.shell.RawTerminal;
import airlock.text.SafeText;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

@picocli.CommandLine.Command(
        name = "vm",
        description = "Tells of the virtual machines that ran, and lets you into one.",
        subcommands = {VmCommand.Time.class, VmCommand.ShellCommand.class})
final class VmCommand extends Group {
    @picocli.CommandLine.Command(
            name = "time",
            description = "Shows where the time of the newest virtual machines went.")
    static final class Time extends SocketCommand {
        private static final String ALL = "all";

        /// The parts that make up `all`; those that the guest reports are within `work`.
        private static final List<String> PARTS =
                List.of("template", "drives", "qemu", "load", "boot", "work", "end");

        @Option(
                names = "--count",
                paramLabel = "N",
                defaultValue = "100",
                description = "of how many; ${DEFAULT-VALUE}")
        private int count;

        @Option(
                names = "--run",
                paramLabel = "RUN",
                description = "of one run only, a column for each phase")
        private String run = "";

        @Override
        public Integer call() {
            if (count < 1) {
                throw new CliException(ExitCode.USAGE, "--count " + count + ": 1 or more");
            }
            String id = run.isEmpty() ? "" : run(run).text();
            var columns = new LinkedHashMap<String, List<Map<String, Long>>>();
            int code =
                    send(
                            new Command.VmTimes(id, count),
                            Reply.VmTime.class,
                            vm ->
                                    columns.computeIfAbsent(name(vm), _ -> new ArrayList<>())
                                            .add(whole(vm.micros())));
            if (code == ExitCode.OK) {
                print(columns);
            }
            return code;
        }

        private String name(Reply.VmTime vm) {
            String beginning = SafeText.line(vm.beginning());
            return run.isEmpty() ? beginning : SafeText.line(vm.phase()) + " (" + beginning + ")";
        }

        private static Map<String, Long> whole(Map<String, Long> micros) {
            var all = new LinkedHashMap<>(micros);
            all.put(ALL, PARTS.stream().mapToLong(part -> micros.getOrDefault(part, 0L)).sum());
            return all;
        }

        private void print(Map<String, List<Map<String, Long>>> columns) {
            if (columns.isEmpty()) {
                out().println("no virtual machine has ended yet");
                return;
            }
            Set<String> parts = new LinkedHashSet<>();
            columns.values().forEach(vms -> vms.forEach(vm -> parts.addAll(vm.keySet())));
            parts.remove(ALL);
            parts.add(ALL);
            out().printf("%-10s", "");
            columns.forEach((name, vms) -> out().printf("  %-30s", name + ", " + vms.size()));
            out().println();
            for (String part : parts) {
                out().printf("%-10s", SafeText.line(part));
                columns.forEach((_, vms) -> out().printf("  %-30s", spread(part, vms)));
                out().println();
            }
            out().println("milliseconds: median (least to most)");
        }

        private static String spread(String part, List<Map<String, Long>> vms) {
            var sorted =
                    vms.stream()
                            .filter(vm -> vm.containsKey(part))
                            .map(vm -> vm.getOrDefault(part, 0L))
                            .sorted()
                            .toList();
            return sorted.isEmpty()
                    ? "-"
                    : String.format(
                            Locale.ROOT,
                            "%.1f (%.1f to %.1f)",
                            sorted.get(sorted.size() / 2) / 1000.0,
                            sorted.getFirst() / 1000.0,
                            sorted.getLast() / 1000.0);
        }
    }

    @picocli.CommandLine.Command(
            name = "shell",
            description = {
                "Lets you into a virtual machine of the running server, with a shell as " + "root.",
                "With --run that of a failed phase, where it was kept; else a fresh one "
                        + "with the inputs of that run and no secrets. Nothing but the shell leads "
                        + "out of it."
            },
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {"0 to 255:the shell's own", "4:there was no shell, or no end of it"})
    static final class ShellCommand extends SocketCommand {
        @Option(
                names = "--image",
                paramLabel = "IMAGE",
                description = "as the configuration names it; its default if left out")
        private String image = "";

        @Option(
                names = "--phase",
                paramLabel = "PHASE",
                description =
                        "pre_plan, plan or post_plan; plan if left out, and with --run the one that"
                                + " failed")
        private String phase = "";

        @Option(
                names = "--run",
                paramLabel = "RUN",
                description = "the run's id, as `airlock runs` shows it")
        private String run = "";

        @Option(names = "--verbose", description = "tells how long it took")
        private boolean verbose;

        @Override
        public Integer call() throws InterruptedException {
            var size = RawTerminal.size();
            var wanted = new Command.Shell(image, phase(), id(), size.columns(), size.rows());
            var client = new ControlClient(socket());
            return switch (client.enter(wanted, note -> progress(SafeText.line(note)))) {
                case Entrance.Shut(String why) -> throw new CliException(ExitCode.BROKE, why);
                case Entrance.Open(var entered, var console) -> {
                    boolean terminal = RawTerminal.isThere();
                    if (terminal || verbose) {
                        tell(SafeText.line(entered.what()), entered.until());
                    }
                    try (console) {
                        yield stay(console, terminal);
                    }
                }
            };
        }

        private String id() {
            return run.isEmpty() ? "" : run(run).text();
        }

        private String phase() {
            if (phase.isEmpty()
                    || Arrays.stream(Phase.values()).anyMatch(known -> known.key().equals(phase))) {
                return phase;
            }
            throw new CliException(
                    ExitCode.USAGE,
                    "--phase "
                            + phase
                            + ": one of "
                            + Arrays.stream(Phase.values())
                                    .map(Phase::key)
                                    .collect(Collectors.joining(", ")));
        }

        private void tell(String what, Instant until) {
            var time = until.atZone(ZoneId.systemDefault()).toLocalTime();
            progress(what + "; it ends at " + time.truncatedTo(ChronoUnit.MINUTES));
        }

        private int stay(Console console, boolean terminal) throws InterruptedException {
            var visitor = new Visitor(System.in, System.out, RawTerminal.shows(), this::prompted);
            var left = visitor.stay(console, terminal);
            if (!left.why().isEmpty()) {
                err().println(left.why());
            }
            return left.code();
        }

        private void prompted() {
            if (verbose) {
                progress("the shell is there\r");
            }
        }
    }
}
