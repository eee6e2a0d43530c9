package airlock.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Where the VMs of a phase may connect to.
///
/// @param hosts in the configuration's order, which does not matter
public record AllowList(List<AllowedHost> hosts) {
    /// Nowhere.
    public static final AllowList NOTHING = new AllowList(List.of());

    public AllowList {
        hosts = List.copyOf(hosts);
    }

    /// The entry that lets anybody connect there: of the host itself before those of domains, of
    /// which the longest.
    public Optional<AllowedHost> letting(HostName host, int port) {
        return hosts.stream()
                .filter(entry -> entry.lets(host, port))
                .min(
                        Comparator.<AllowedHost>comparingInt(entry -> entry.isDomain() ? 1 : 0)
                                .thenComparingInt(entry -> -entry.host().text().length()));
    }
}
