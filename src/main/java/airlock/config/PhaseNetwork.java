package airlock.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What the VM of a trusted phase may connect to.
///
/// @param allow listed places
/// @param caps for all of the phase's connections together
public record PhaseNetwork(Mode mode, AllowList allow, NetworkCaps caps) {
    private static final Set<Integer> USUAL = Set.of(22, 80, 443);

    /// Nothing.
    public static final PhaseNetwork NOTHING =
            new PhaseNetwork(Mode.ENFORCE, AllowList.NOTHING, NetworkCaps.STANDARD);

    /// How the list is meant.
    public enum Mode {
        /// Nothing but what is listed.
        ENFORCE,
        /// Everything public as well, for as long as the list is being written.
        OBSERVE,
        /// Everything public as well, for good.
        OPEN;

        /// Whether places that are not listed are let.
        public boolean letsOthers() {
            return this != ENFORCE;
        }
    }

    /// Whether there is nothing that it might connect to.
    public boolean isNothing() {
        return !mode.letsOthers() && allow.hosts().isEmpty();
    }

    /// Whether there are places that no list names one by one: its programs have to ask a proxy for
    /// those.
    public boolean needsProxy() {
        return mode.letsOthers() || allow.hosts().stream().anyMatch(AllowedHost::isDomain);
    }

    /// The ports of places that are not listed, where the mode lets those: the usual ones, and all
    /// that some listed place has.
    public Set<Integer> otherPorts() {
        var ports = new TreeSet<>(USUAL);
        allow.hosts().forEach(entry -> ports.add(entry.port()));
        return ports;
    }

    /// Listed places that have a name and a port, as `HOST:PORT`, each once.
    public List<String> named() {
        return allow.hosts().stream()
                .filter(entry -> !entry.isDomain())
                .map(entry -> entry.host() + ":" + entry.port())
                .distinct()
                .toList();
    }
}
