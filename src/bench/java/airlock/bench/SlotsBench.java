package airlock.bench;

import airlock.house.LoopbackForge;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures `run.slots` of docs/performance.md: ten runs at once on two slots, from the first
/// webhook's first byte until the forge has the last one's status; against the ideal schedule,
/// which is five times as long as one run alone.
final class SlotsBench {
    private static final String NAME = "run.slots";
    private static final int ROUNDS = 10;
    private static final int RUNS = 10;
    private static final int SLOTS = 2;

    /// What a run waits for takes no core from another one.
    private static final String PLAN =
            """
            plan:
              - action: shell
                shell: sleep 4
            """;

    private final PushedRuns runs;
    private final int port;

    private SlotsBench(PushedRuns runs, int port) {
        this.runs = runs;
        this.port = port;
    }

    /// Measures and prints the figure.
    ///
    /// @param arguments a directory with `state`, in which the image is
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        var rounds = new Rounds(NAME, ROUNDS);
        try (var forge = LoopbackForge.start(0)) {
            var runs = new PushedRuns(forge, directory, PLAN);
            rounds.progress("starting the server");
            try (var server =
                    ServerProcess.start(directory, forge.url(), LoopbackForge.TOKEN, SLOTS)) {
                server.awaitReadyClones(1);
                var bench = new SlotsBench(runs, server.port());
                rounds.progress("warming up");
                bench.atOnce(1);
                var medians =
                        rounds.alternate(
                                () -> bench.atOnce(RUNS), () -> bench.atOnce(1) * RUNS / SLOTS);
                System.out.println(
                        Figure.against(medians.reference(), NAME, medians.value(), "s").line());
            }
        }
    }

    private double atOnce(int count) throws Exception {
        List<PushedRuns.Pushed> pushed = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pushed.add(runs.commit("branch-" + i));
        }
        return Rounds.seconds(
                () -> {
                    for (var one : pushed) {
                        PushedRuns.send(port, one);
                    }
                    for (var one : pushed) {
                        runs.awaitSuccess(one);
                    }
                });
    }
}
