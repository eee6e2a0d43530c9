package airlock.vm;

import java.io.InputStream;
import java.io.OutputStream;

/// Serves the host's end of a VM's uplink port, where root in the guest can send anything.
@FunctionalInterface
public interface PortServer {
    /// Serves until the port is closed, when the VM ends.
    void serve(InputStream in, OutputStream out);

    /// Stops all waiting for anything but the guest: the port was closed.
    default void over() {}
}
