package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.BootFiles;
import airlock.vm.VmEnd;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// What Prometheus gets of a whole bot, and what docs/metrics.md says of it.
final class MetricsTest extends OnForge {
    private static final String PLAN = "plan: [{action: shell, shell: echo hello}]\n";
    private static final Pattern TYPE = Pattern.compile("(?m)^# TYPE (\\w+) (\\w+)$");
    private static final Pattern SAMPLE =
            Pattern.compile("(?m)^(\\w+?)(?:_bucket|_sum|_count)?(?:\\{(.*)})? \\S+$");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern ROW =
            Pattern.compile("(?m)^\\| `(\\w+)` \\| (\\w+) \\|([^|]*)\\| .+ \\|$");

    private Bot start(String more) throws Exception {
        return Bot.start(
                directory,
                forge,
                host,
                new BootFiles(directory, directory, directory),
                more + "\nmetrics: 127.0.0.1:0");
    }

    /// One run that passes, one that breaks, one delivery that is refused.
    private String worked(Bot bot) throws Exception {
        pushed(bot, "success");
        host.nextEnds(new VmEnd.HostFailed("no room")).nextEnds(new VmEnd.HostFailed("no room"));
        pushed(bot, "error");
        return bot.metrics();
    }

    private void pushed(Bot bot, String state) throws Exception {
        awaitStates(push(bot, PLAN), "airlock", "pending", state);
    }

    private static double value(String text, String sample) {
        return text.lines()
                .filter(line -> line.startsWith(sample + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(sample.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + sample + " in\n" + text));
    }

    @Test
    void eachNameIsDocumentedWithItsTypeAndLabelsAndEachDocumentedOneIsServed() throws Exception {
        var documented = new TreeMap<String, String>();
        ROW.matcher(Files.readString(Path.of("docs/metrics.md")))
                .results()
                .forEach(
                        row ->
                                documented.put(
                                        row.group(1), row.group(2) + " " + labels(row.group(3))));
        try (var bot = start("id: 7\n    public: false")) {
            String text = worked(bot);
            assertThat(served(text)).isEqualTo(documented);
            assertThat(text)
                    .as("no label names a repository")
                    .doesNotContain("alice", "hello", "demo");
        }
    }

    private static String labels(String cell) {
        return Pattern.compile("`(\\w+)`")
                .matcher(cell)
                .results()
                .map(label -> label.group(1))
                .collect(Collectors.toCollection(TreeSet::new))
                .toString();
    }

    private static Map<String, String> served(String text) {
        var labels = new TreeMap<String, TreeSet<String>>();
        var types = new TreeMap<String, String>();
        TYPE.matcher(text).results().forEach(type -> types.put(type.group(1), type.group(2)));
        for (var sample : SAMPLE.matcher(text).results().toList()) {
            var names = labels.computeIfAbsent(sample.group(1), _ -> new TreeSet<>());
            if (sample.group(2) != null) {
                LABEL.matcher(sample.group(2)).results().map(l -> l.group(1)).forEach(names::add);
            }
            names.remove("le");
        }
        assertThat(labels.keySet()).isEqualTo(types.keySet());
        types.replaceAll((name, type) -> type + " " + labels.get(name));
        return types;
    }

    @Test
    void whatHappensIsCounted() throws Exception {
        try (var bot = start("id: 7")) {
            String before = bot.metrics();
            assertThat(value(before, "airlock_verdicts_total{verdict=\"passed\",what=\"run\"}"))
                    .isZero();
            String text = worked(bot);
            for (var expected :
                    Map.of(
                                    "airlock_deliveries_total{outcome=\"requested\"}", 2,
                                    "airlock_verdicts_total{verdict=\"passed\",what=\"run\"}", 1,
                                    "airlock_verdicts_total{verdict=\"broke\",what=\"run\"}", 1,
                                    "airlock_verdicts_total{verdict=\"passed\",what=\"request\"}",
                                            1,
                                    "airlock_verdicts_total{verdict=\"failed\",what=\"run\"}", 0,
                                    "airlock_phase_duration_seconds_count{phase=\"plan\",verdict=\"passed\"}",
                                            1,
                                    "airlock_vm_starts_total", 3,
                                    "airlock_vm_broken_total", 2,
                                    "airlock_runs{state=\"waiting\"}", 0,
                                    "airlock_oldest_waiting_seconds{what=\"run\"}", 0)
                            .entrySet()) {
                assertThat(value(text, expected.getKey()))
                        .as(expected.getKey())
                        .isEqualTo(expected.getValue().doubleValue());
            }
            assertThat(value(text, "airlock_vm_beginnings_total{as=\"boot\"}")).isEqualTo(3);
            assertThat(value(text, "airlock_vm_problems")).isZero();
            assertThat(value(text, "airlock_disk_free_bytes")).isPositive();
            assertThat(value(text, "airlock_store_work_total{kind=\"write\"}")).isPositive();
        }
    }

    @Test
    void metricsAreAtTheirOwnAddressAlone() throws Exception {
        try (var bot = start("id: 7")) {
            assertThat(bot.get("/metrics", "").statusCode()).isEqualTo(404);
            assertThat(bot.metrics()).contains("# TYPE airlock_runs gauge");
        }
        try (var bot = Bot.start(directory, forge, host)) {
            assertThat(bot.get("/metrics", "").statusCode()).isEqualTo(404);
        }
    }
}
