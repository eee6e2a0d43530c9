package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.VmSpec.VmLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real machines that stay for a person when their work is done.
@Tag("vm")
final class KeptVmHostTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir Path directory;
    private final CountDownLatch waits = new CountDownLatch(1);

    private Vm failed(Duration time) throws Exception {
        var small =
                VmSpecs.small(
                        "kept",
                        TestImage.boot(),
                        directory,
                        VmFixture.shell("(while :; do :; done) & exit 7"),
                        new Step("a person", new GuestStep.Terminal(Map.of(), true), true));
        var spec = VmFixture.with(small, Map.of(), VmLimits.standard(time));
        var host = new QemuVmHost(TestMachine.setting(directory.resolve("vms"), Templates.none()));
        var vm =
                host.start(
                        spec,
                        record -> {
                            if (record instanceof GuestRecord.StepStarted(int step, _)
                                    && step == 1) {
                                waits.countDown();
                            }
                        });
        assertThat(waits.await(MINUTE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return vm;
    }

    @Test
    void oneThatIsKeptEndsWhenItsTimeIsOverWhateverItsLimitWas() throws Exception {
        try (var vm = failed(MINUTE.multipliedBy(10))) {
            vm.keep(Duration.ofSeconds(2));
            vm.pause();

            assertThat(vm.await()).isEqualTo(new VmEnd.TimedOut(Duration.ofSeconds(2)));
        }
    }

    @Test
    void oneThatIsKeptOutlivesItsOwnLimit() throws Exception {
        try (var vm = failed(Duration.ofSeconds(20))) {
            vm.keep(Duration.ofSeconds(25));

            assertThat(vm.await()).isEqualTo(new VmEnd.TimedOut(Duration.ofSeconds(25)));
        }
    }
}
