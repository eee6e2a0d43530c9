package airlock.vm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/// VMs that are clones keep the contract of all VMs, also where none waited: in `--long`, since
/// those that waited are the same but for that.
@Tag("vm")
@Tag("soak")
class ClonedContractTest extends VmHostContract {
    private static Templates templates = Templates.none();

    @TempDir static Path shared;

    @BeforeAll
    static void start() throws IOException {
        templates = Templates.in(shared.resolve("templates"), InstantSource.system());
    }

    @Override
    VmHost host() {
        return new QemuVmHost(TestMachine.setting(directory, templates));
    }
}
