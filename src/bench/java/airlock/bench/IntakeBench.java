package airlock.bench;

import airlock.event.Secret;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Measures `intake.durable` of docs/performance.md: the whole server in a process of its own, the
/// sender beside it. The forge is away (nothing listens at its address), so that no forge's work
/// is measured; what the server does about the requests meanwhile goes on.
final class IntakeBench {
    private static final String NAME = "intake.durable";
    private static final String RATE = "deliveries/s";
    static final URI AWAY = URI.create("http://127.0.0.1:9");
    static final int SIZE = 8192;
    static final int CONNECTIONS = 32;
    private static final int ROUNDS = 5;
    static final int WARM_UP = 8000;
    private static final int DELIVERIES = 5000;

    /// Deliveries a second of the even pace.
    static final int PACE = 500;

    private final Path file;
    private final HookLoad load;
    private final SignedPushes pushes;
    private final List<HookLoad.Outcome> synced = new ArrayList<>();
    private final List<HookLoad.Outcome> full = new ArrayList<>();
    private final List<HookLoad.Outcome> paced = new ArrayList<>();

    private IntakeBench(Path file, HookLoad load, SignedPushes pushes) {
        this.file = file;
        this.load = load;
        this.pushes = pushes;
    }

    /// Measures and prints the figures.
    ///
    /// @param arguments a directory with `state`, in which the image is
    public static void main(String[] arguments) throws Exception {
        Path directory = Path.of(arguments[0]);
        var rounds = new Rounds(NAME, ROUNDS);
        rounds.progress("starting the server");
        try (var server = ServerProcess.start(directory, AWAY, "no forge looks at it", 1)) {
            var secret = new Secret(ServerProcess.SECRET);
            var bench =
                    new IntakeBench(
                            directory.resolve("synced"),
                            new HookLoad(server.port(), CONNECTIONS),
                            new SignedPushes(ServerProcess.HOOK, secret, SIZE));
            rounds.progress("warming up");
            bench.load.asFastAsItGoes(bench.pushes.next(WARM_UP));
            for (int round = 1; round <= ROUNDS; round++) {
                bench.round();
                rounds.progress("round %d of %d: %s".formatted(round, ROUNDS, bench.last()));
            }
            bench.figures().forEach(figure -> System.out.println(figure.line()));
        }
    }

    private void round() throws Exception {
        synced.add(SyncedFile.write(file, DELIVERIES / 2, SIZE));
        Files.delete(file);
        full.add(load.asFastAsItGoes(pushes.next(DELIVERIES)));
        paced.add(load.paced(pushes.next(DELIVERIES), PACE));
    }

    private String last() {
        return "%s/s against %s/s, p99 %s ms at %d/s"
                .formatted(
                        Figure.shown(full.getLast().perSecond()),
                        Figure.shown(synced.getLast().perSecond()),
                        Figure.shown(late(paced.getLast())),
                        PACE);
    }

    private List<Figure> figures() {
        double disk = Rounds.median(synced.stream().map(HookLoad.Outcome::perSecond).toList());
        double rate = Rounds.median(full.stream().map(HookLoad.Outcome::perSecond).toList());
        return List.of(
                Figure.against(disk, NAME, rate, RATE),
                Figure.against(late(synced), NAME + ".p99", late(paced), "ms"),
                Figure.against(late(synced), NAME + ".p99.full", late(full), "ms"));
    }

    private static double late(List<HookLoad.Outcome> outcomes) {
        return Rounds.median(outcomes.stream().map(IntakeBench::late).toList());
    }

    private static double late(HookLoad.Outcome outcome) {
        return outcome.milliseconds(0.99);
    }
}
