package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FakeVmHostTest extends VmHostContract {
    private final FakeVmHost host = new FakeVmHost();

    @Override
    VmHost host() {
        return host;
    }

    @Override
    BootFiles boot() {
        var nothing = Path.of("/nonexistent");
        return new BootFiles(nothing, nothing, nothing);
    }

    @Override
    void assertSecretBytes(String counted) {
        assertThat(counted).isEmpty();
    }

    @Test
    void anEndThatWasOrderedComesOnce() throws Exception {
        host.nextEnds(new VmEnd.HostFailed("no room"));

        try (Vm first = host.start(spec(shell("echo a")), _ -> {});
                Vm second = host.start(spec(shell("echo b")), _ -> {})) {
            assertThat(first.await()).isEqualTo(new VmEnd.HostFailed("no room"));
            assertThat(second.await()).isInstanceOf(VmEnd.Finished.class);
        }
        assertThat(host.started()).hasSize(2);
    }
}
