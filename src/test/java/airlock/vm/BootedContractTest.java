package airlock.vm;

import org.junit.jupiter.api.Tag;

/// VMs that boot keep the contract of all VMs: in `--long`, since [ReadyVmHostTest] shows it of
/// clones, which have booted as well.
@Tag("vm")
@Tag("soak")
class BootedContractTest extends VmHostContract {}
