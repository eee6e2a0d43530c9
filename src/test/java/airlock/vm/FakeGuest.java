package airlock.vm;

import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// A guest without a machine. It has files below `/ci` and understands a few shell lines as a real
/// shell does, so that the same scenario runs on both:
///
/// - `echo TEXT`, `echo TEXT >&2`, `echo TEXT > FILE`, `cat FILE`, `cp FROM TO`, `exit N`
/// - `kill -9 $$`, `sleep infinity`, `yes` (until the log limit), `echo o > /proc/sysrq-trigger`
/// - `tail /dev/zero` (out of memory), `cat /dev/zero > /ci/full` (disk full), `while :; do :;
///   done` (CPU time), `head -c NM /dev/zero >FILE` (N MiB of disk), the same with `| tail`
///   (N MiB of memory), `exec sh -c 'while sleep 600 & do :; done'` (processes)
/// - any other line does nothing
final class FakeGuest {
    private static final Pattern REDIRECT = Pattern.compile("echo (.*?) *> *(/\\S+)");
    private static final Pattern ECHO = Pattern.compile("echo (.*?)( *>&2)?");
    private static final Pattern CAT = Pattern.compile("cat (/\\S+)");
    private static final Pattern COPY = Pattern.compile("cp (/\\S+) (/\\S+)");
    private static final Pattern EXIT = Pattern.compile("exit (\\d+)");
    private static final Pattern MUCH =
            Pattern.compile("head -c (\\d+)M /dev/zero (\\| tail )?>(/\\S+)");
    private static final int PIECE = 4096;

    private final Map<Drive, byte[]> drives = new EnumMap<>(Drive.class);
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final Consumer<GuestRecord> tell;
    private final GuestLimits limits;
    private long clock;
    private long scratch;

    FakeGuest(Map<Drive, byte[]> drives, GuestLimits limits, Consumer<GuestRecord> tell) {
        this.limits = limits;
        this.drives.putAll(drives);
        this.tell = tell;
    }

    sealed interface Outcome {
        record Ended(StepEnd end) implements Outcome {}

        record Hangs() implements Outcome {}

        /// Uses all the CPU time that it can get.
        record Turns() implements Outcome {}

        record PowersOff() implements Outcome {}
    }

    byte[] drive(Drive drive) {
        return drives.getOrDefault(drive, new byte[0]);
    }

    long now() {
        return ++clock * 1000;
    }

    Outcome run(int index, GuestStep step) {
        return switch (step) {
            case GuestStep.Execute execute -> execute(index, execute);
            case GuestStep.Unpack unpack -> {
                byte[] archive = drive(Drive.ofDevice(unpack.device()).orElseThrow());
                TestTar.read(archive)
                        .forEach((name, b) -> files.put(unpack.directory() + "/" + name, b));
                yield ended(0);
            }
            case GuestStep.Pack pack -> {
                drives.put(Drive.ofDevice(pack.device()).orElseThrow(), pack(pack.directory()));
                yield ended(0);
            }
            case GuestStep.WriteFile write -> {
                files.put(write.path(), write.content().getBytes(StandardCharsets.UTF_8));
                yield ended(0);
            }
            case GuestStep.MakeDirectory _, GuestStep.Link _, GuestStep.Connect _ -> ended(0);
            case GuestStep.Terminal _ -> new Outcome.Hangs(); // no person opens one
        };
    }

    private byte[] pack(String directory) {
        var below = new TreeMap<String, byte[]>();
        String prefix = directory + "/";
        files.forEach(
                (path, content) -> {
                    if (path.startsWith(prefix)) {
                        below.put(path.substring(prefix.length()), content);
                    }
                });
        return TestTar.write(below);
    }

    private Outcome execute(int index, GuestStep.Execute execute) {
        String script = String.join("\n", execute.argv()) + "\n" + execute.stdin();
        for (String line : Arrays.stream(script.split("\n")).map(String::strip).toList()) {
            var special = special(index, line);
            if (!(special instanceof Outcome.Ended(StepEnd.Exited(int code))) || code >= 0) {
                return special;
            }
        }
        return ended(0);
    }

    /// The end that a line causes; exit code -1 if the step goes on.
    private Outcome special(int index, String line) {
        return switch (line) {
            case "kill -9 $$" -> new Outcome.Ended(new StepEnd.Signalled(9));
            case "sleep infinity" -> new Outcome.Hangs();
            case "echo o > /proc/sysrq-trigger", "echo c > /proc/sysrq-trigger" ->
                    new Outcome.PowersOff();
            case "tail /dev/zero" -> new Outcome.Ended(new StepEnd.OutOfMemory());
            case "exec sh -c 'while sleep 600 & do :; done'" ->
                    new Outcome.Ended(new StepEnd.TooManyProcesses());
            case "while :; do :; done" -> new Outcome.Turns();
            case "cat /dev/zero > /ci/full" -> new Outcome.Ended(new StepEnd.DiskFull("/ci"));
            case "yes" -> {
                while (true) {
                    output(index, 1, new byte[PIECE]);
                }
            }
            default -> ordinary(index, line);
        };
    }

    private Outcome ordinary(int index, String line) {
        var exit = EXIT.matcher(line);
        if (exit.matches()) {
            return ended(Integer.parseInt(exit.group(1)));
        }
        var much = MUCH.matcher(line);
        if (much.matches()) {
            long bytes = Long.parseLong(much.group(1)) << 20;
            return much.group(2) == null ? written(much.group(3), bytes) : held(bytes);
        }
        var redirect = REDIRECT.matcher(line);
        var echo = ECHO.matcher(line);
        var cat = CAT.matcher(line);
        var copy = COPY.matcher(line);
        if (redirect.matches()) {
            files.put(redirect.group(2), text(redirect.group(1)));
        } else if (echo.matches()) {
            output(index, echo.group(2) == null ? 1 : 2, text(echo.group(1)));
        } else if (copy.matches()) {
            files.put(copy.group(2), files.getOrDefault(copy.group(1), new byte[0]));
        } else if (cat.matches()) {
            byte[] content = files.get(cat.group(1));
            if (content == null) {
                return ended(1);
            }
            output(index, 1, content);
        }
        return ended(-1);
    }

    private Outcome held(long bytes) {
        return limits.memory() > 0 && bytes > limits.memory()
                ? new Outcome.Ended(new StepEnd.OutOfMemory())
                : ended(-1);
    }

    private Outcome written(String path, long bytes) {
        scratch += bytes;
        return limits.scratch() > 0 && scratch > limits.scratch()
                ? new Outcome.Ended(new StepEnd.DiskFull(path))
                : ended(-1);
    }

    private void output(int index, int stream, byte[] bytes) {
        tell.accept(new GuestRecord.Output(index, stream, bytes, now()));
    }

    private static byte[] text(String words) {
        return (words.replaceAll("^[\"']|[\"']$", "") + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Outcome ended(int code) {
        return new Outcome.Ended(new StepEnd.Exited(code));
    }
}
