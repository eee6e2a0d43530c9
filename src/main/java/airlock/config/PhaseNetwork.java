package airlock.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The places that the VM of a trusted phase may connect to.
///
/// @param caps for all of the phase's connections together
/// @param knownHosts the only ssh host keys that its programs accept; any if empty
public record PhaseNetwork(
        Mode mode, AllowList allow, NetworkCaps caps, List<KnownHost> knownHosts) {
    private static final Set<Integer> USUAL = Set.of(22, 80, 443);

    /// Being allowed to send mail through one server must not open all others.
    private static final Set<Integer> MAIL = Set.of(25, 465, 587);

    public static final PhaseNetwork NOTHING =
            new PhaseNetwork(Mode.ENFORCE, AllowList.NOTHING, NetworkCaps.STANDARD, List.of());

    public PhaseNetwork {
        knownHosts = List.copyOf(knownHosts);
    }

    public enum Mode {
        /// Listed places only.
        ENFORCE,
        /// All public places too, while the list is being written.
        OBSERVE,
        /// All public places too, permanently.
        OPEN;

        /// Whether unlisted places are allowed.
        public boolean letsOthers() {
            return this != ENFORCE;
        }
    }

    /// Whether it allows no connection at all.
    public boolean isNothing() {
        return !mode.letsOthers() && allow.hosts().isEmpty();
    }

    /// Whether it allows hosts that are not listed by name: programs need a proxy for those.
    public boolean needsProxy() {
        return mode.letsOthers() || allow.hosts().stream().anyMatch(AllowedHost::isDomain);
    }

    /// The ports that are allowed at unlisted places: the usual ones and those of listed places,
    /// except for mail.
    public Set<Integer> otherPorts() {
        var ports = new TreeSet<>(USUAL);
        allow.hosts().stream()
                .map(AllowedHost::port)
                .filter(port -> !MAIL.contains(port))
                .forEach(ports::add);
        return ports;
    }

    /// Whether it allows connections to a host by its name, whatever its address.
    public boolean lets(HostName host, int port) {
        return allow.letting(host, port).isPresent() || letsOther(port);
    }

    private boolean letsOther(int port) {
        return mode.letsOthers() && otherPorts().contains(port);
    }

    /// The part of it that a plan asks for: nothing that is not in both, and always `enforce`.
    ///
    /// @param wanted without addresses, which only the operator may set
    public PhaseNetwork narrowed(List<AllowedHost> wanted) {
        var left = wanted.stream().flatMap(this::common).distinct().toList();
        return new PhaseNetwork(Mode.ENFORCE, new AllowList(left), caps, knownHosts);
    }

    /// The entries of `wanted` that are not allowed at all.
    public List<AllowedHost> beyond(List<AllowedHost> wanted) {
        return wanted.stream().filter(entry -> common(entry).findAny().isEmpty()).toList();
    }

    private Stream<AllowedHost> common(AllowedHost wanted) {
        // the listed entry first: it may have an address
        return Stream.concat(
                allow.hosts().stream().flatMap(entry -> entry.meeting(wanted).stream()),
                letsOther(wanted.port()) ? Stream.of(wanted) : Stream.empty());
    }

    public List<String> domains() {
        return allow.hosts().stream()
                .filter(AllowedHost::isDomain)
                .map(entry -> entry.host().text())
                .distinct()
                .toList();
    }

    /// Listed hosts as `HOST:PORT`.
    public List<String> named() {
        return allow.hosts().stream()
                .filter(entry -> !entry.isDomain())
                .map(entry -> entry.host() + ":" + entry.port())
                .distinct()
                .toList();
    }
}
