package airlock.bench;

import airlock.event.Secret;
import java.io.IOException;
import java.nio.file.Path;

/// Measures `intake.crowd.p99` of docs/performance.md: the same deliveries at the same pace, alone
/// and while a [Crowd] sends what nobody signed.
final class CrowdBench {
    private static final String NAME = "intake.crowd.p99";
    private static final int ROUNDS = 5;
    private static final int DELIVERIES = 5000;

    private CrowdBench() {}

    /// Measures and prints the figure.
    ///
    /// @param arguments a directory with `state`, in which the image is
    public static void main(String[] arguments) throws Exception {
        var rounds = new Rounds(NAME, ROUNDS);
        rounds.progress("starting the server");
        try (var server =
                ServerProcess.start(
                        Path.of(arguments[0]), IntakeBench.AWAY, "no forge looks at it", 1)) {
            var load = new HookLoad(server.port(), IntakeBench.CONNECTIONS);
            var pushes =
                    new SignedPushes(
                            ServerProcess.HOOK, new Secret(ServerProcess.SECRET), IntakeBench.SIZE);
            rounds.progress("warming up");
            load.asFastAsItGoes(pushes.next(IntakeBench.WARM_UP));
            var medians =
                    rounds.alternate(
                            () -> inCrowd(server.port(), load, pushes), () -> late(load, pushes));
            System.out.println(
                    Figure.against(medians.reference(), NAME, medians.value(), "ms").line());
        }
    }

    private static double inCrowd(int port, HookLoad load, SignedPushes pushes) throws Exception {
        try (var crowd = new Crowd(port, ServerProcess.HOOK)) {
            double late = late(load, pushes);
            if (crowd.turns() < DELIVERIES / IntakeBench.PACE) {
                throw new IOException("the crowd stayed away");
            }
            return late;
        }
    }

    private static double late(HookLoad load, SignedPushes pushes) throws Exception {
        return load.paced(pushes.next(DELIVERIES), IntakeBench.PACE).milliseconds(0.99);
    }
}
