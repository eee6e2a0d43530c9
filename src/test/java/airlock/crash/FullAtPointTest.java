package airlock.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import airlock.house.SmallDisk;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The disk of the real server becomes full between any two hops, on a real file system, and is
/// emptied again: whatever was being written, the server goes on by itself.
@Tag("crash")
final class FullAtPointTest {
    private static final int MIB = 2048;
    private static final Duration LONG = Duration.ofMinutes(3);

    /// How long the disk stays full unless all is done before; a machine that boots meanwhile needs
    /// its disk by then.
    private static final Duration FULL = Duration.ofSeconds(8);

    @TempDir Path directory;

    @BeforeAll
    static void haveSmallDisks() throws Exception {
        String missing = SmallDisk.missing();
        if (!missing.isEmpty()) {
            System.out.println("skipped: " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
    }

    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource(names = {"SOURCE_BEING_PACKED", "OUTPUT_TAKEN_BUT_NOT_KEPT", "POST_PLAN_UNDER_WAY"})
    void aServerWhoseDiskIsFullFromHereOnGoesOnWhenThereIsRoom(CrashPoint point) throws Exception {
        fillAt(point);
    }

    @Tag("soak")
    @Execution(ExecutionMode.CONCURRENT)
    @ParameterizedTest
    @EnumSource
    void soDoesOneWhoseDiskIsFullFromAnyPointOn(CrashPoint point) throws Exception {
        String part = System.getProperty("airlock.part", "1/1");
        assumeTrue(point.isOf(part), "belongs to another part than " + part);
        fillAt(point);
    }

    private void fillAt(CrashPoint point) throws Exception {
        try (var site = new Site(directory);
                var remains = new Remains(site.state())) {
            try {
                fillAt(site, point);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "full at %s; the server said:%n%s".formatted(point, site.said()), e);
            }
            assertThat(remains.processes()).isEmpty();
            assertThat(remains.homes()).isEmpty();
        }
    }

    private static void fillAt(Site site, CrashPoint point) throws Exception {
        site.configure(point.readyClones());
        try (var debugger = Debugger.listen();
                var server = site.serverOnDisk(MIB, debugger.option())) {
            debugger.attach();
            site.hook(server.url());
            site.awaitTemplate(server);
            if (point.readyClones() > 0) {
                site.awaitReadyClone();
            }
            debugger.stopAt(point.place());
            Path disk = server.seen(site.state());
            String commit = site.push(point.work().plan());
            debugger.await(point.place());
            SmallDisk.fill(disk);
            assertThat(Files.getFileStore(disk).getUsableSpace()).isZero();
            debugger.letGo();

            long until = System.nanoTime() + FULL.toNanos();
            waiting("the disk was full long enough")
                    .until(() -> System.nanoTime() > until || open(site, disk).isEmpty());
            SmallDisk.empty(disk);
            waiting("the webhook, sent again, has its answer")
                    .until(() -> site.forge().sendLastAgain(Site.REPOSITORY) / 100 == 2);
            waiting("all is done and told")
                    .untilAsserted(() -> assertThat(open(site, disk)).isEmpty());
            try (var state = copied(site, disk)) {
                new Aftermath(site, commit, ending(site, commit, point)).check(state, server.url());
                assertThat(state.begun().stream().filter(vm -> vm.contains(" post_plan ")))
                        .hasSizeLessThanOrEqualTo(mayPublish(point) ? 1 : 2);
            }
        }
    }

    private static ConditionFactory waiting(String what) {
        return await().alias(what)
                .atMost(LONG)
                .pollInterval(Duration.ofMillis(500))
                .ignoreExceptions();
    }

    /// A copy, since SQLite would resolve the path to our own disk.
    private static StateFile copied(Site site, Path disk) throws Exception {
        return StateFile.copied(disk, site.state().getParent());
    }

    private static List<String> open(Site site, Path disk) throws Exception {
        try (var state = copied(site, disk)) {
            return state.open();
        }
    }

    /// Whether a post_plan may have received its line already.
    private static boolean mayPublish(CrashPoint point) {
        return EnumSet.range(CrashPoint.POST_PLAN_MAY_HAVE_ITS_LINE, CrashPoint.POST_PLAN_RECORDED)
                .contains(point);
    }

    /// The actual end if a full disk allows it: a post_plan that the full disk hit is not started
    /// again, and either may happen.
    private static CrashPoint.Ending ending(Site site, String commit, CrashPoint point) {
        if (point.work() != CrashPoint.Work.PUBLISHING) {
            return point.ending();
        }
        var allowed = Set.of(CrashPoint.Ending.PASSED, CrashPoint.Ending.INTERRUPTED);
        String last = site.forge().states(commit, "airlock/main").getLast();
        return allowed.stream()
                .filter(ending -> ending.state().equals(last))
                .findFirst()
                .orElse(point.ending());
    }
}
