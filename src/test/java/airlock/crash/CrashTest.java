package airlock.crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `kill -9` of the real server between any two hops loses nothing: real git, HTTP, database and
/// virtual machines.
@Tag("crash")
final class CrashTest {
    /// Shared, so that not each point makes a template of its own.
    @TempDir static Path templates;

    @TempDir Path directory;

    /// One or more points of each hop, where most work is half done; the soak has all points.
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(
            names = {
                "DELIVERY_KEPT_BUT_NOT_ANSWERED",
                "REQUEST_MADE_BUT_NOT_COMMITTED",
                "RUN_CLAIMED",
                "SOURCE_BEING_PACKED",
                "READY_CLONE_HAS_THE_NAMES_OF_THE_VM",
                "OUTPUT_KEPT_BUT_PHASE_NOT_RECORDED",
                "PLAN_UNDER_WAY",
                "POST_PLAN_MAY_HAVE_ITS_LINE",
                "FAILURE_WITHOUT_VERDICT",
                "STATUS_POSTED_BUT_NOT_RECORDED"
            })
    void aServerThatIsKilledHereLosesNothing(CrashPoint point) throws Exception {
        crash(point, 1);
    }

    @Tag("soak")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void norDoesOneThatIsKilledHereAgainAndAgain(CrashPoint point) throws Exception {
        crash(point, Integer.getInteger("airlock.crash.times", 20));
    }

    private void crash(CrashPoint point, int times) throws Exception {
        String part = System.getProperty("airlock.part", "1/1");
        assumeTrue(point.isOf(part), "belongs to another part than " + part);
        try (var site = new Site(directory, templates);
                var _ = new Remains(site.state())) {
            for (int i = 1; i <= times; i++) {
                // every other time a ready clone waits: a run takes it, or it is left over
                boolean ready = i % 2 == 0 && point.mayHaveReadyClones();
                once(site, point, ready ? 1 : point.readyClones(), i + " of " + times);
            }
        }
    }

    private static void once(Site site, CrashPoint point, int readyClones, String time)
            throws Exception {
        try {
            new Round(site, point, readyClones).run();
        } catch (AssertionError
                | ConditionTimeoutException
                | ExecutionException
                | TimeoutException e) {
            throw new AssertionError(
                    "killed at %s, time %s, %d ready clones: %s%nThe servers said:%n%s"
                            .formatted(point, time, readyClones, e.getMessage(), site.said()),
                    e);
        }
    }
}
