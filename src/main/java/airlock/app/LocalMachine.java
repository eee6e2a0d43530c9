package airlock.app;

import airlock.config.AirlockConfig;
import airlock.config.Limits;
import airlock.image.Image;
import airlock.image.Recipe;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// What `airlock run` needs of this machine: a state directory of its own, whose image is kept
/// from one run to the next.
public final class LocalMachine implements AutoCloseable {
    private static final String RECIPE = "debian-13";

    private final StateDirectory state;
    private final Image image;
    private final Hypervisor hypervisor;
    private final InstantSource clock;

    /// @param directory the state directory
    /// @param progress hears of long preparations, a line each
    public LocalMachine(Path directory, InstantSource clock, Consumer<String> progress)
            throws InterruptedException {
        this.state = StateDirectory.lock(directory);
        this.image =
                Images.store(directory)
                        .build(Recipe.builtIn(RECIPE), GuestProgram.find(), progress);
        this.hypervisor =
                new Hypervisor(AirlockConfig.Accelerator.AUTO, directory, image.boot(), clock);
        this.clock = clock;
    }

    /// Runs the plan of `source`; see [LocalRun#run].
    public LocalRun.Outcome run(Path source, Consumer<String> notes, Consumer<byte[]> log)
            throws InterruptedException {
        Path work = work();
        try {
            return new LocalRun(
                            work, hypervisor.host(), _ -> image.boot(), Limits.standard(), clock)
                    .run(source, notes, log);
        } finally {
            remove(work);
        }
    }

    private Path work() {
        try {
            return Files.createTempDirectory(state.path(), "run-");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write in " + state.path(), e);
        }
    }

    private static void remove(Path work) {
        try (Stream<Path> files = Files.walk(work)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + work, e);
        }
    }

    @Override
    public void close() {
        hypervisor.close();
        state.close();
    }
}
