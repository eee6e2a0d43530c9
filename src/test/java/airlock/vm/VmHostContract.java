package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.vm.GuestRecord.StepEnd;
import airlock.vm.VmSpec.DriveContent;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The contract of every [VmHost]; run on the double and on QEMU.
abstract class VmHostContract extends VmFixture {
    @Test
    void aPassingListFinishesWithItsOutputInOrder() throws Exception {
        var end = end(spec(shell("echo one", "echo two >&2"), shell("echo three")));

        assertThat(end).isEqualTo(PASSED);
        assertThat(output(1)).isEqualTo("one\nthree\n");
        assertThat(output(2)).isEqualTo("two\n");
        assertThat(records().getFirst()).isInstanceOf(GuestRecord.Ready.class);
        assertThat(records().getLast()).isInstanceOf(GuestRecord.Finished.class);
        assertThat(ends()).containsExactly(new StepEnd.Exited(0), new StepEnd.Exited(0));
    }

    @Test
    void aFailingStepTellsItsCodeAndOnlyStepsMarkedSoFollow() throws Exception {
        var always = new Step("always", shell("echo cleaned up").what(), true);

        var end = end(spec(shell("exit 3"), shell("echo never"), always));

        assertThat(end).isEqualTo(FAILED);
        assertThat(ends()).containsExactly(new StepEnd.Exited(3), new StepEnd.Exited(0));
        assertThat(output(1)).isEqualTo("cleaned up\n");
    }

    @Test
    void aStepThatTakesTooLongEndsAndThoseForThatCaseFollow() throws Exception {
        var late = shell("echo begun", "sleep infinity").within(Duration.ofSeconds(2));
        var failed = shell("echo because it failed").at(Step.When.FAILED);

        var end = end(spec(late, shell("echo never"), failed));

        assertThat(end).isEqualTo(FAILED);
        assertThat(ends()).containsExactly(new StepEnd.TimedOut(), new StepEnd.Exited(0));
        assertThat(output(1)).isEqualTo("begun\nbecause it failed\n");
    }

    @Test
    void aKilledProgramTellsItsSignal() throws Exception {
        assertThat(end(spec(shell("kill -9 $$")))).isEqualTo(FAILED);
        assertThat(ends()).containsExactly(new StepEnd.Signalled(9));
    }

    @Test
    void aGuestThatRunsOutOfMemorySaysSo() throws Exception {
        assertThat(end(spec(shell("tail /dev/zero")))).isEqualTo(FAILED);
        assertThat(ends()).containsExactly(new StepEnd.OutOfMemory());
    }

    @Test
    void aGuestWhoseDiskIsFullSaysSo() throws Exception {
        assertThat(end(spec(shell("cat /dev/zero > /ci/full")))).isEqualTo(FAILED);
        assertThat(ends()).singleElement().isInstanceOf(StepEnd.DiskFull.class);
    }

    @Test
    void aGuestThatWantsTooManyProcessesSaysSo() throws Exception {
        var spec = spec(shell("echo begun", "exec sh -c 'while sleep 600 & do :; done'"));
        var few = VmSpecs.limited(GuestLimits.ofProcesses(20));

        assertThat(end(with(spec, spec.contents(), few))).isEqualTo(FAILED);
        assertThat(output(1)).isEqualTo("begun\n");
        assertThat(ends()).containsExactly(new StepEnd.TooManyProcesses());
    }

    /// The machine itself has more than that.
    @Test
    void aGuestThatMayHaveLessMemoryThanItsMachineHasNoMore() throws Exception {
        var spec = spec(shell("head -c 100M /dev/zero | tail >/dev/null"));

        assertThat(end(limited(spec, new GuestLimits(0, 40L << 20, 0)))).isEqualTo(FAILED);
        assertThat(ends()).containsExactly(new StepEnd.OutOfMemory());
    }

    @Test
    void aGuestThatMayWriteLessThanItsDiskHasNoMoreRoom() throws Exception {
        var spec = spec(shell("head -c 5M /dev/zero >/ci/a", "head -c 6M /dev/zero >/ci/b"));

        assertThat(end(limited(spec, new GuestLimits(0, 0, 9L << 20)))).isEqualTo(FAILED);
        assertThat(ends()).singleElement().isInstanceOf(StepEnd.DiskFull.class);
    }

    @Test
    void aGuestThatTakesTooMuchCpuTimeIsStopped() throws Exception {
        var spec = spec(shell("echo begun", "while :; do :; done"));
        var little = VmSpecs.limited(Duration.ofMinutes(2), Duration.ofSeconds(3), 64 << 20);

        assertThat(end(with(spec, spec.contents(), little)))
                .isEqualTo(
                        new VmEnd.OverLimit(VmEnd.Limited.CPU_TIME, "took more CPU time than 3 s"));
        assertThat(output(1)).isEqualTo("begun\n");
    }

    @Test
    void aGuestThatTakesTooLongTimesOut() throws Exception {
        var limit = Duration.ofSeconds(2);

        assertThat(end(limited(spec(shell("echo begun", "sleep infinity")), limit, 1 << 20)))
                .isEqualTo(new VmEnd.TimedOut(limit));
        assertThat(output(1)).isEqualTo("begun\n");
    }

    @Test
    void aCancelledVmEndsWithTheReason() throws Exception {
        try (Vm vm = host().start(spec(shell("sleep infinity")), this::add)) {
            vm.cancel("a newer push");
            vm.cancel("too late");

            assertThat(vm.await()).isEqualTo(new VmEnd.Cancelled("a newer push"));
        }
    }

    /// Powers off, panics.
    @ParameterizedTest
    @ValueSource(strings = {"o", "c"})
    void aGuestThatEndsWithoutAFinalRecordDied(String key) throws Exception {
        assertThat(end(spec(shell("echo " + key + " > /proc/sysrq-trigger", "sleep infinity"))))
                .isInstanceOf(VmEnd.GuestDied.class);
    }

    @Test
    void aGuestThatFloodsTheLogIsStopped() throws Exception {
        var end = end(limited(spec(shell("yes")), Duration.ofMinutes(1), 1 << 20));

        assertThat(end).isInstanceOf(VmEnd.OverLimit.class);
        assertThat(output(1).length()).isLessThanOrEqualTo(1 << 20);
    }

    @Test
    void aListenerThatThrowsEndsTheVmAsTheHostsFailure() throws Exception {
        Consumer<GuestRecord> broken =
                _ -> {
                    throw new IllegalStateException("disk of the log is full");
                };
        try (Vm vm = host().start(spec(shell("sleep infinity")), broken)) {
            assertThat(vm.await())
                    .isInstanceOfSatisfying(
                            VmEnd.HostFailed.class,
                            end -> assertThat(end.detail()).contains("disk of the log is full"));
        }
    }

    private static VmSpec limited(VmSpec spec, GuestLimits limits) {
        return with(spec, spec.contents(), VmSpecs.limited(limits));
    }

    private static Step unpack(String device, String directory) {
        return new Step("unpack", new GuestStep.Unpack(device, directory, false), false);
    }

    @Test
    void whatIsPackedComesBackAndWhatIsGivenIsThere() throws Exception {
        var source = directory.resolve("source.tar");
        Files.write(source, TestTar.of(Map.of("greeting", "hello\n")));
        var spec =
                spec(
                        unpack("/dev/vdc", "/ci/src"),
                        unpack("/dev/vdg", "/ci/secrets"),
                        shell(
                                "cat /ci/secrets/token",
                                "cp /ci/src/greeting /ci/artifacts/copy",
                                "echo made > /ci/artifacts/new"),
                        new Step("pack", new GuestStep.Pack("/ci/artifacts", "/dev/vdd"), true));
        Map<Drive, DriveContent> contents =
                Map.of(
                        Drive.SOURCE, new DriveContent.Copy(source),
                        Drive.SECRETS,
                                new DriveContent.Bytes(TestTar.of(Map.of("token", "hush\n"))));
        try (Vm vm = host().start(with(spec, contents, spec.limits()), this::add)) {
            assertThat(vm.await())
                    .isInstanceOfSatisfying(
                            VmEnd.Finished.class,
                            end -> assertThat(end.packed()).containsOnlyKeys(Drive.ARTIFACTS));
            var archive = vm.take(Drive.ARTIFACTS, directory.resolve("artifacts.tar"));

            assertThat(output(1)).isEqualTo("hush\n");
            assertThat(TestTar.texts(Files.readAllBytes(archive.file())))
                    .isEqualTo(Map.of("copy", "hello\n", "new", "made\n"));
            assertThat(archive.bytes()).isEqualTo(Files.size(archive.file()));
            assertThat(archive.sha256()).hasSize(64);
            assertThatThrownBy(() -> vm.take(Drive.CACHE, directory.resolve("cache.tar")))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void anInputThatIsLargerThanItsSlotStartsNothing() throws Exception {
        var spec = spec(shell("echo never"));
        Map<Drive, DriveContent> contents =
                Map.of(Drive.SECRETS, new DriveContent.Bytes(new byte[(1 << 20) + 1]));

        assertThat(end(with(spec, contents, spec.limits()))).isInstanceOf(VmEnd.OverLimit.class);
        assertThat(records()).isEmpty();
    }

    @Test
    void withoutSecretsTheDriveIsThereAndHasNothingButZeros() throws Exception {
        var end = end(spec(shell("head -c 1048577 /dev/vdg | tr -d '\\0' | wc -c")));

        assertThat(end).isEqualTo(PASSED);
        assertSecretBytes(output(1));
    }

    /// The double has no shell that could count.
    void assertSecretBytes(String counted) throws IOException {
        assertThat(counted.strip()).isEqualTo("0");
    }
}
