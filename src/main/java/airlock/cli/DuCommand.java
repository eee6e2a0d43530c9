package airlock.cli;

import airlock.base.Json;
import airlock.control.Command;
import airlock.control.Reply;
import airlock.text.SafeText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/// `airlock du`.
@picocli.CommandLine.Command(
        name = "du",
        description = "Shows which repository uses how much of the disk, largest first.",
        mixinStandardHelpOptions = true)
final class DuCommand extends SocketCommand {
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final int KIBI = 1024;

    @Option(names = "--json", description = "one JSON object, sizes in bytes")
    private boolean json;

    @Override
    public Integer call() {
        var replies = new ArrayList<Reply>();
        int code = send(new Command.Usage(), replies::add);
        if (code == ExitCode.OK) {
            var used = of(replies, Reply.Used.class);
            var over = of(replies, Reply.Over.class);
            var disk = of(replies, Reply.Disk.class);
            if (json) {
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
                            line.shelf(),
                            line.items(),
                            day(line.oldestMillis()),
                            SafeText.line(line.repository()));
        }
        totals(used)
                .forEach((shelf, bytes) -> out().printf("%11s %s in all%n", size(bytes), shelf));
        out().printf("%11s database%n", size(disk.database()));
        out().printf("%11s images%n", size(disk.images()));
        out().printf("%11s templates%n", size(disk.templates()));
        out().printf("%11s VMs that run%n", size(disk.vms()));
        out().printf(
                        "%11s free; work begins while there are %s%n",
                        size(disk.free()), size(disk.reserve()));
        for (var line : over) {
            out().printf(
                            "over: %s of %s: %s, allowed are %s%n",
                            line.shelf(),
                            line.repository().isEmpty()
                                    ? "all together"
                                    : SafeText.line(line.repository()),
                            size(line.bytes()),
                            size(line.allowed()));
        }
    }

    private static Map<String, Long> totals(List<Reply.Used> used) {
        var totals = new TreeMap<String, Long>();
        used.forEach(line -> totals.merge(line.shelf(), line.bytes(), Long::sum));
        return totals;
    }

    private static String json(List<Reply.Used> used, List<Reply.Over> over, Reply.Disk disk) {
        var all = new LinkedHashMap<String, Object>();
        all.put("used", used.stream().map(DuCommand::members).toList());
        all.put("totals", totals(used));
        all.put("over", over);
        all.put("database", disk.database());
        all.put("images", disk.images());
        all.put("templates", disk.templates());
        all.put("vms", disk.vms());
        all.put("free", disk.free());
        all.put("reserve", disk.reserve());
        return Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(all);
    }

    private static Map<String, Object> members(Reply.Used line) {
        var members = new LinkedHashMap<String, Object>();
        members.put("repository", line.repository());
        members.put("shelf", line.shelf());
        members.put("items", line.items());
        members.put("bytes", line.bytes());
        members.put("quota", line.quota());
        members.put("oldest", Instant.ofEpochMilli(line.oldestMillis()).toString());
        return members;
    }

    private static String day(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC).toLocalDate().toString();
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
