package airlock.vm;

import java.io.InputStream;
import java.io.OutputStream;

/// Serves the host's end of a VM's uplink port. Root in the guest says what it likes there.
@FunctionalInterface
public interface PortServer {
    /// Serves until the port is closed, as it is when the VM ends.
    ///
    /// @param in what the guest says
    /// @param out what it is told
    void serve(InputStream in, OutputStream out);

    /// The port was closed: one that waits for something else than its guest waits no longer.
    default void over() {}
}
