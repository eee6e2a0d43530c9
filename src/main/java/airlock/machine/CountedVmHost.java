package airlock.machine;

import airlock.metrics.Meters;
import airlock.vm.GuestRecord;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import airlock.vm.VmSpec;
import java.util.Locale;
import java.util.function.Consumer;

/// Counts the virtual machines of another host, and those that broke.
public record CountedVmHost(VmHost host, Meters meters) implements VmHost {
    @Override
    public Vm start(VmSpec spec, Consumer<GuestRecord> listener) {
        meters.machineStarted();
        var vm = host.start(spec, listener);
        var _ = vm.end().thenAccept(end -> count(vm, end));
        return vm;
    }

    private void count(Vm vm, VmEnd end) {
        meters.machineEnded(vm.times().beginning().name().toLowerCase(Locale.ROOT));
        if (end instanceof VmEnd.HostFailed) {
            meters.machineBroke();
        }
    }
}
