package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

@Tag("vm")
class QemuVmHostTest extends VmHostContract {
    private static final Launcher LAUNCHER = new Launcher();
    private static Cage cage = new Cage(false, VmUsers.in(Path.of("/")), java.util.Map.of());

    @BeforeAll
    static void tryTheWalls() throws InterruptedException {
        cage = Cage.detect();
    }

    @AfterAll
    static void close() {
        LAUNCHER.close();
    }

    @Override
    VmHost host() {
        var vms = directory.resolve("vms");
        try {
            Files.createDirectories(vms);
        } catch (IOException e) {
            throw new VmException("cannot make " + vms, e);
        }
        return new QemuVmHost(
                new QemuVmHost.QemuSetting(
                        vms,
                        MemoryPlace.of(directory, Optional.empty()),
                        Accelerator.TCG,
                        cage,
                        LAUNCHER,
                        InstantSource.system()));
    }

    @Test
    void theLinesOfAVmCarryTheIdsOfWhoWantedIt() throws InterruptedException {
        var logger = (Logger) LoggerFactory.getLogger("airlock.vm");
        var kept = new ListAppender<ILoggingEvent>();
        kept.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(kept);
        try (var _ = MDC.putCloseable("run", "k3q5x7m2vb4hj6tnd2fa");
                var vm = host().start(spec(shell("true")), _ -> {})) {
            assertThat(vm.await()).isInstanceOf(VmEnd.Finished.class);
        } finally {
            logger.detachAppender(kept);
            logger.setLevel(null);
        }
        assertThat(kept.list)
                .isNotEmpty()
                .allSatisfy(
                        line ->
                                assertThat(line.getMDCPropertyMap())
                                        .containsEntry("run", "k3q5x7m2vb4hj6tnd2fa"));
    }

    @Override
    BootFiles boot() {
        return TestImage.boot();
    }
}
