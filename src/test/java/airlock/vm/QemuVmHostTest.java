package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.VmSpec.DriveContent;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/// VMs that boot, beside what [ReadyVmHostTest] shows of all VMs ([BootedContractTest] in
/// `--long`).
@Tag("vm")
class QemuVmHostTest extends VmFixture {
    @Test
    void theOrderInWhichAStepWroteIsKeptInAVm() throws Exception {
        end(
                spec(
                        shell(
                                "BASH_XTRACEFD=99; set -x",
                                "for i in {1..400}; do echo $i; echo $i >&2; done")));

        var streams = new StringBuilder();
        for (var record : records()) {
            if (record instanceof GuestRecord.Output output) {
                String text = new String(output.bytes(), StandardCharsets.UTF_8);
                text.lines().forEach(_ -> streams.append(output.stream()));
            }
        }
        assertThat(streams.toString()).isEqualTo("33132".repeat(400));
        assertThat(output(2)).startsWith("1\n2\n3\n").endsWith("399\n400\n");
        assertThat(output(GuestRecord.Output.TRACE)).startsWith("+ for i in {1..400}\n+ echo 1\n");
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

    @Test
    void h4AnArchiveThatLeadsOutOfItsDirectoryIsRefusedAndLeavesNothingThere() throws Exception {
        var archives =
                Map.of(
                        Drive.SOURCE, TestTar.of(Map.of("../../root/.ssh/authorized_keys", "evil")),
                        Drive.ARTIFACTS, TestTar.of(Map.of("/etc/evil", "evil")),
                        Drive.CACHE, TestTar.of(Map.of("a/../../secrets/evil", "evil")),
                        Drive.DEPENDENCIES, throughALink());
        var contents = new EnumMap<Drive, DriveContent>(Drive.class);
        for (var archive : archives.entrySet()) {
            var file = directory.resolve(archive.getKey() + ".tar");
            contents.put(
                    archive.getKey(), new DriveContent.Copy(Files.write(file, archive.getValue())));
        }
        var look =
                new Step(
                        "look",
                        shell(
                                        "ls -d /root/.ssh/authorized_keys /etc/evil /ci/secrets/*"
                                                + " /ci/evil 2>/dev/null || :")
                                .what(),
                        true);
        var steps =
                List.of(
                        unpack(Drive.SOURCE, "/ci/src"),
                        unpack(Drive.ARTIFACTS, "/ci/artifacts"),
                        unpack(Drive.CACHE, "/ci/cache"),
                        unpack(Drive.DEPENDENCIES, "/ci/deps"),
                        look);

        var spec = spec(steps.toArray(Step[]::new));
        assertThat(end(with(spec, contents, spec.limits()))).isEqualTo(FAILED);

        assertThat(ends().subList(0, 4)).hasOnlyElementsOfType(GuestRecord.StepEnd.Refused.class);
        assertThat(ends().getLast()).isEqualTo(new GuestRecord.StepEnd.Exited(0));
        assertThat(output(1)).isEmpty();
    }

    /// An archive with a link that leads out, and a file behind it.
    private static byte[] throughALink() throws IOException {
        byte[] link = TestTar.link("out", "/etc");
        byte[] evil = TestTar.of(Map.of("out/evil", "evil"));
        byte[] both = Arrays.copyOf(link, link.length + evil.length);
        System.arraycopy(evil, 0, both, link.length, evil.length);
        return both;
    }

    private static Step unpack(Drive drive, String directory) {
        return new Step("unpack", new GuestStep.Unpack(drive.device(), directory, false), true);
    }

    @Test
    void aForkBombEndsInItsTimeAndTheNextVmIsFine() throws Exception {
        var limit = Duration.ofSeconds(10);
        var bomb = spec(shell("bomb() { bomb | bomb & }", "bomb", "sleep infinity"));

        assertThat(end(limited(bomb, limit, 1 << 20))).isNotInstanceOf(VmEnd.HostFailed.class);
        assertThat(end(spec(shell("true")))).isEqualTo(PASSED);
    }
}
