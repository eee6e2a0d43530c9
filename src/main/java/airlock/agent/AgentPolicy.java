package airlock.agent;

import java.util.List;
import java.util.Set;

/// The logins that a key may sign in one phase.
///
/// @param users whose, by the names that the hosts know
/// @param hosts to which hosts
/// @param signatures how many at most
public record AgentPolicy(Set<String> users, List<ListedHost> hosts, int signatures) {
    /// Keeps copies.
    public AgentPolicy {
        users = Set.copyOf(users);
        hosts = List.copyOf(hosts);
    }
}
