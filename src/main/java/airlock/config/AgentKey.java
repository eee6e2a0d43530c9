package airlock.config;

import airlock.event.Phase;
import java.util.List;
import java.util.Set;

/// An SSH key that the host signs with for a phase, and that never enters a VM.
///
/// @param key its name in the store
/// @param users for whom it may sign: names of users at the hosts
/// @param hosts at which; their keys are those that the network's `known_hosts` has
/// @param signatures most of one phase
/// @param phases of listed runs, never plan
/// @param fetch whether pre_plan may use it too, in inside runs as well (T2)
public record AgentKey(
        String key,
        List<String> users,
        List<HostName> hosts,
        int signatures,
        Set<Phase> phases,
        boolean fetch) {
    public AgentKey {
        users = List.copyOf(users);
        hosts = List.copyOf(hosts);
        phases = Set.copyOf(phases);
    }
}
