package airlock.machine;

import airlock.store.DiskSpace;
import airlock.vm.ReadyClones;

/// The resources that this machine has left for waiting clones.
///
/// @param reserve bytes that must stay free on the state's disk
public record HostResources(HostMemory hostMemory, DiskSpace room, long reserve)
        implements ReadyClones.Spare {
    @Override
    public long memory() {
        return hostMemory.available();
    }

    @Override
    public boolean hasRoom() {
        return room.free() >= reserve;
    }
}
