package airlock.egress;

import airlock.config.HostName;
import java.net.InetAddress;
import java.util.List;

/// Asks where a host is.
@FunctionalInterface
public interface Resolver {
    /// All its addresses, in the order in which they are to be tried; empty where it has none, or
    /// nobody could be asked.
    List<InetAddress> addresses(HostName host);
}
