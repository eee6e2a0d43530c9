package airlock.cli;

import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;

@picocli.CommandLine.Command(
        name = "du",
        description = "Shows which repository uses how much of the disk, largest first.")
final class DuCommand extends SocketCommand {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final int KIBI = 1024;

    @Mixin private JsonOption json;

    @Override
    public Integer call() {
        var replies = new ArrayList<Reply>();
        int code = send(new Command.Usage(), Reply.class, replies::add);
        if (code == ExitCode.OK) {
            var used = of(replies, Reply.Used.class);
            var over = of(replies, Reply.Over.class);
            var disk = of(replies, Reply.Disk.class);
            if (json.isWanted()) {
                out().println(json(used, over, disk.getFirst()));
            } else {
                print(used, over, disk.getFirst());
            }
        }
        return code;
    }

    private static <T> List<T> of(List<Reply> replies, Class<T> kind) {
        return replies.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private void print(List<Reply.Used> used, List<Reply.Over> over, Reply.Disk disk) {
        for (var line : used) {
            out().printf(
                            "%11s of %-9s %-10s %6d  %s  %s%n",
                            size(line.bytes()),
                            size(line.quota()),
                            line.kind(),
                            line.items(),
                            line.oldest().atOffset(ZoneOffset.UTC).toLocalDate(),
                            SafeText.line(line.repository()));
        }
        totals(used).forEach((kind, bytes) -> out().printf("%11s %s in all%n", size(bytes), kind));
        out().printf("%11s database%n", size(disk.database()));
        out().printf("%11s images%n", size(disk.images()));
        out().printf("%11s templates%n", size(disk.templates()));
        out().printf("%11s running VMs%n", size(disk.vms()));
        out().printf(
                        "%11s free; work starts while at least %s are%n",
                        size(disk.free()), size(disk.reserve()));
        for (var line : over) {
            out().printf(
                            "over: %s of %s: %s, allowed are %s%n",
                            line.kind(),
                            line.repository().isEmpty()
                                    ? "all together"
                                    : SafeText.line(line.repository()),
                            size(line.bytes()),
                            size(line.allowed()));
        }
    }

    private static Map<String, Long> totals(List<Reply.Used> used) {
        var totals = new TreeMap<String, Long>();
        used.forEach(line -> totals.merge(line.kind(), line.bytes(), Long::sum));
        return totals;
    }

    private static String json(List<Reply.Used> used, List<Reply.Over> over, Reply.Disk disk) {
        return JsonOption.text(
                JsonOption.members(
                        "used", used,
                        "totals", totals(used),
                        "over", over,
                        "database", disk.database(),
                        "images", disk.images(),
                        "templates", disk.templates(),
                        "vms", disk.vms(),
                        "free", disk.free(),
                        "reserve", disk.reserve()));
    }

    /// `17 B`, `1.4 MiB`.
    static String size(long bytes) {
        if (bytes < KIBI) {
            return bytes + " B";
        }
        double value = bytes;
        int unit = -1;
        while (value >= KIBI && unit < UNITS.length - 1) {
            value /= KIBI;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
