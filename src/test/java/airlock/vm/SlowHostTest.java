package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.sandbox.Launcher;
import airlock.vm.QemuVmHost.QemuSetting;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Where the machine is so loaded that a guest is ten times slower, none of our own limits of time
/// ends a healthy one.
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
        var fast = fast();
        return new QemuSetting(
                fast.directory(),
                fast.memory(),
                fast.accelerator(),
                fast.cage(),
                launcher,
                fast.clock(),
                from);
    }

    @Override
    VmHost host() {
        return new QemuVmHost(slow(templates));
    }

    @Override
    BootFiles boot() {
        return TestImage.boot();
    }

    private void assertPasses(VmHost host) throws Exception {
        try (Vm vm = host.start(spec(shell("echo hello")), this::add)) {
            assertThat(vm.await()).isEqualTo(new VmEnd.Finished(true, Map.of()));
        }
    }

    @Test
    void aCloneAndOneThatWaitedFinish() throws Exception {
        new QemuVmHost(fast()).prepare(boot(), spec().shape());
        assertPasses(host());
        var policy = new ReadyClones.Policy(1, Duration.ofHours(1), 0);
        var ready = ReadyClones.of(slow(templates), policy, () -> Long.MAX_VALUE);
        try {
            ready.keep(boot(), spec().shape(), LONG);
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
        new QemuVmHost(slow(templates)).prepare(boot(), spec().shape());
        assertPasses(host());
        assertPasses(new QemuVmHost(slow(Templates.none())));
    }
}
