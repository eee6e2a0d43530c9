package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.sandbox.Launcher;
import airlock.vm.QemuVmHost.QemuSetting;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// On a machine so loaded that a guest is ten times slower, none of our own time limits ends a
/// healthy VM.
@Tag("vm")
@Tag("soak")
class SlowHostTest extends VmFixture {
    private static final Duration LONG = Duration.ofMinutes(5);

    private Templates templates = Templates.none();
    private SlowedStarter slowed;
    private Launcher launcher;

    @BeforeEach
    void slowDown() throws Exception {
        templates = Templates.in(directory.resolve("templates"), InstantSource.system());
        slowed = new SlowedStarter();
        launcher = new Launcher(slowed);
    }

    @AfterEach
    void noLimitHasFired() {
        launcher.close();
        slowed.close();
        assertThat(templates.problems()).isEmpty();
    }

    private QemuSetting fast() {
        return TestMachine.setting(directory, templates);
    }

    private QemuSetting slow(Templates from) {
        return TestMachine.setting(directory, Accelerator.TCG, fast().cage(), launcher, from);
    }

    @Override
    VmHost host() {
        return new QemuVmHost(slow(templates));
    }

    private void assertPasses(VmHost host) throws Exception {
        try (Vm vm = host.start(spec(shell("echo hello")), this::add)) {
            assertThat(vm.await()).isEqualTo(PASSED);
        }
    }

    @Test
    void aCloneAndOneThatWaitedFinish() throws Exception {
        new QemuVmHost(fast()).prepare(spec().model());
        assertPasses(host());
        var policy = new ReadyClones.Policy(1, Duration.ofHours(1), 0);
        var ready = new ReadyClones(slow(templates), policy, () -> Long.MAX_VALUE);
        try {
            ready.keep(new ReadyClones.Kind(spec().model(), LONG));
            await().atMost(LONG).until(() -> ready.waiting() == 1);
            assertPasses(new QemuVmHost(slow(templates), ready));
            assertThat(ready.handedOut()).isEqualTo(1);
            assertThat(ready.problems()).isEmpty();
        } finally {
            ready.end();
        }
    }

    @Test
    void aTemplateIsMadeAndAVmBoots() throws Exception {
        new QemuVmHost(slow(templates)).prepare(spec().model());
        assertPasses(host());
        assertPasses(new QemuVmHost(slow(Templates.none())));
    }
}
