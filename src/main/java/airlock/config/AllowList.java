package airlock.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The places that the VMs of a phase may connect to.
///
/// @param hosts in the configuration's order, which has no meaning
public record AllowList(List<AllowedHost> hosts) {
    public static final AllowList NOTHING = new AllowList(List.of());

    public AllowList {
        hosts = List.copyOf(hosts);
    }

    /// The entry that allows a connection: an exact host before a domain, a longer domain before a
    /// shorter one.
    public Optional<AllowedHost> letting(HostName host, int port) {
        return hosts.stream()
                .filter(entry -> entry.lets(host, port))
                .min(
                        Comparator.<AllowedHost>comparingInt(entry -> entry.isDomain() ? 1 : 0)
                                .thenComparingInt(entry -> -entry.host().text().length()));
    }
}
