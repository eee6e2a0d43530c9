package airlock.machine;

import airlock.metrics.Meters;
import airlock.vm.Drive;
import airlock.vm.Isolation;
import airlock.vm.Vm;
import airlock.vm.VmEnd;
import airlock.vm.VmHost;
import airlock.vm.VmListener;
import airlock.vm.VmSpec;
import airlock.vm.VmTimes;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/// Counts the virtual machines of another host, and those that broke.
public record CountedVmHost(VmHost host, Meters meters) implements VmHost {
    @Override
    public Vm start(VmSpec spec, VmListener listener) {
        meters.machineStarted();
        return new Counted(host.start(spec, listener), meters);
    }

    private record Counted(Vm vm, Meters meters) implements Vm {
        @Override
        public Isolation isolation() {
            return vm.isolation();
        }

        @Override
        public VmEnd await() throws InterruptedException {
            var end = vm.await();
            meters.machineEnded(vm.times().beginning().name().toLowerCase(Locale.ROOT));
            if (end instanceof VmEnd.HostFailed) {
                meters.machineBroke();
            }
            return end;
        }

        @Override
        public VmTimes times() {
            return vm.times();
        }

        @Override
        public void keep(Duration most) {
            vm.keep(most);
        }

        @Override
        public void pause() {
            vm.pause();
        }

        @Override
        public void resume() {
            vm.resume();
        }

        @Override
        public void cancel(String reason) {
            vm.cancel(reason);
        }

        @Override
        public Archive take(Drive drive, Path target) {
            return vm.take(drive, target);
        }

        @Override
        public void takeSystem(Path target) {
            vm.takeSystem(target);
        }

        @Override
        public void close() {
            vm.close();
        }
    }
}
