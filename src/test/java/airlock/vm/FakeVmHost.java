package airlock.vm;

import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// Virtual machines without QEMU: each runs a [FakeGuest] on the steps of its spec and keeps the
/// contract of [VmHost].
public final class FakeVmHost implements VmHost {
    private final List<VmSpec> started = new CopyOnWriteArrayList<>();
    private final Deque<VmEnd> fates = new ArrayDeque<>();

    /// The next VM ends like this without any record; several such ends are used in order.
    public synchronized FakeVmHost nextEnds(VmEnd end) {
        fates.add(end);
        return this;
    }

    /// All specs so far, in order.
    public List<VmSpec> started() {
        return List.copyOf(started);
    }

    @Override
    public Vm start(VmSpec spec, Consumer<GuestRecord> listener) {
        started.add(spec);
        var vm = new FakeVm(spec, listener);
        nextFate().ifPresentOrElse(vm::end, () -> begin(spec, vm));
        return vm;
    }

    private synchronized Optional<VmEnd> nextFate() {
        return Optional.ofNullable(fates.poll());
    }

    private static void begin(VmSpec spec, FakeVm vm) {
        var drives = new EnumMap<Drive, byte[]>(Drive.class);
        for (var input : spec.contents().entrySet()) {
            byte[] bytes = bytes(input.getValue());
            if (bytes.length > spec.shape().slots().of(input.getKey())) {
                vm.end(
                        new VmEnd.OverLimit(
                                VmEnd.Limited.INPUT,
                                input.getKey().node() + " does not fit its slot"));
                return;
            }
            drives.put(input.getKey(), bytes);
        }
        Thread.ofVirtual().name("fake-" + spec.name()).start(() -> vm.run(drives));
    }

    private static byte[] bytes(DriveContent content) {
        try {
            return switch (content) {
                case DriveContent.Copy(var file) -> Files.readAllBytes(file);
                case DriveContent.Bytes(var bytes) -> bytes;
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
