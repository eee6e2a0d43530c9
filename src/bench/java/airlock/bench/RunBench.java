package airlock.bench;

import airlock.house.LoopbackForge;
import java.nio.file.Path;

/// Measures `run.empty` of docs/performance.md: from the first byte of a webhook until the forge
/// has the run's last status. Three phases of one action that does nothing, the whole server in a
/// process of its own, real VMs, a forge on loopback.
final class RunBench {
    private static final String NAME = "run.empty";
    private static final int ROUNDS = 10;
    private static final int PHASES = 3;
    private static final String PLAN =
            """
            pre_plan:
              - action: shell
                shell: "true"
            plan:
              - action: shell
                shell: "true"
            post_plan:
              - action: shell
                shell: "true"
            """;

    private final PushedRuns runs;
    private final ServerProcess server;
    private int done;

    private RunBench(PushedRuns runs, ServerProcess server) {
        this.runs = runs;
        this.server = server;
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
            try (var server = ServerProcess.start(directory, forge.url(), LoopbackForge.TOKEN, 1)) {
                var bench = new RunBench(runs, server);
                rounds.progress("warming up");
                bench.run();
                System.out.println(Figure.alone(NAME, rounds.alone(bench::run), "s").line());
            }
        }
    }

    /// One run on a server that is as it was for the first: a ready clone for each phase, and the
    /// fetch processes wait again.
    private double run() throws Exception {
        server.awaitReadyClones((done++ + 1) * PHASES);
        server.awaitFetchProcesses();
        var pushed = runs.commit("main");
        return Rounds.seconds(
                () -> {
                    PushedRuns.send(server.port(), pushed);
                    runs.awaitSuccess(pushed);
                });
    }
}
