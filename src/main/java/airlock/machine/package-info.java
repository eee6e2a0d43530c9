/// Takes the configuration and this host; gives what VMs are started with: hypervisor, walls,
/// images, memory, and the state directory.
@NullMarked
package airlock.machine;

import org.jspecify.annotations.NullMarked;
