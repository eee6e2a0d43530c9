package airlock.plan;

import airlock.bench.Figure;
import airlock.bench.Rounds;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// Measures `plan.parse` of docs/performance.md: a plan file as large as one may be, read, checked
/// and lowered to steps, against the YAML library alone making objects of the same text; and
/// `plan.parse.hostile`, the slowest of some files that are made to be slow.
final class PlanBench {
    private static final int ROUNDS = 15;
    private static final int WARM_UP = 10;
    private static final int LARGEST = PlanReader.LARGEST;

    private PlanBench() {}

    /// Measures and prints the figures.
    public static void main(String[] arguments) throws Exception {
        var rounds = new Rounds("plan.parse", ROUNDS);
        byte[] plan = plan();
        for (int i = 0; i < WARM_UP; i++) {
            ours(plan);
            library(plan);
        }
        var medians = rounds.alternate(() -> ours(plan), () -> library(plan));
        System.out.println(
                Figure.against(medians.reference(), "plan.parse", medians.value(), "s").line());
        System.out.println(Figure.alone("plan.parse.hostile", hostileTime(), "s").line());
    }

    /// The median time of the slowest.
    private static double hostileTime() throws Exception {
        double slowest = 0;
        for (byte[] file : hostile()) {
            var times = new ArrayList<Double>();
            for (int round = 0; round < ROUNDS; round++) {
                times.add(Rounds.seconds(() -> new PlanReader().read(PlanFile.AIRLOCK, file)));
            }
            slowest = Math.max(slowest, Rounds.median(times));
        }
        return slowest;
    }

    private static double ours(byte[] plan) throws Exception {
        return Rounds.seconds(
                () -> {
                    if (!(new PlanReader().read(PlanFile.AIRLOCK, plan)
                            instanceof PlanReading.Read)) {
                        throw new IllegalStateException("not read");
                    }
                });
    }

    private static double library(byte[] plan) throws Exception {
        String text = new String(plan, StandardCharsets.UTF_8);
        return Rounds.seconds(() -> new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    /// As many actions as a file may have, with texts that fill it.
    private static byte[] plan() {
        var text = new StringBuilder();
        for (String phase : List.of("pre_plan", "plan", "post_plan")) {
            text.append(phase).append(":\n");
            for (int i = 0; i < 500; i++) {
                text.append("  - action: shell\n    shell: |\n");
                for (int line = 0; line < 8; line++) {
                    text.append("      make -C part").append(i).append(" target").append(line);
                    text.append(" CFLAGS=\"-O2 -g -Wall\"\n");
                }
            }
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static List<byte[]> hostile() {
        var bomb = new StringBuilder("a: &a [x, x, x, x, x, x, x, x, x]\n");
        for (char c = 'b'; c < 'j'; c++) {
            char before = (char) (c - 1);
            bomb.append(c).append(": &").append(c).append(" [");
            bomb.append(("*" + before + ", ").repeat(8)).append("*").append(before).append("]\n");
        }
        return List.of(
                filled(""),
                filled("["),
                filled("{a: "),
                filled("- "),
                filled("a:\n  "),
                filled("\"\\u0061"),
                filled("? "),
                filled("plan: [{action: shell, shel: x}]\n"),
                filled("  - action: shell\n    shel: make\n"),
                filled("x: |\n  y\n"),
                filled("&a *a "),
                filled("\t"),
                filled("\0"),
                filled("\u00e9\u0301"),
                bomb.toString().getBytes(StandardCharsets.UTF_8),
                new byte[LARGEST + 1]);
    }

    private static byte[] filled(String part) {
        String text = part.isEmpty() ? "plan: [" : "plan:\n";
        String filling = part.isEmpty() ? "pwd, " : part;
        return (text
                        + filling.repeat(
                                (LARGEST - text.length())
                                        / filling.getBytes(StandardCharsets.UTF_8).length))
                .getBytes(StandardCharsets.UTF_8);
    }
}
