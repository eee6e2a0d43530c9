package airlock.config;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What the VM of a trusted phase may connect to.
///
/// @param allow listed places
/// @param caps for all of the phase's connections together
/// @param knownHosts the only keys of ssh servers that its programs accept; any where it is empty
public record PhaseNetwork(
        Mode mode, AllowList allow, NetworkCaps caps, List<KnownHost> knownHosts) {
    private static final Set<Integer> USUAL = Set.of(22, 80, 443);

    /// Who may send mail to one server may not send it to everybody's.
    private static final Set<Integer> MAIL = Set.of(25, 465, 587);

    /// Nothing.
    public static final PhaseNetwork NOTHING =
            new PhaseNetwork(Mode.ENFORCE, AllowList.NOTHING, NetworkCaps.STANDARD, List.of());

    public PhaseNetwork {
        knownHosts = List.copyOf(knownHosts);
    }

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
    /// that some listed place has, but for those of mail.
    public Set<Integer> otherPorts() {
        var ports = new TreeSet<>(USUAL);
        allow.hosts().stream()
                .map(AllowedHost::port)
                .filter(port -> !MAIL.contains(port))
                .forEach(ports::add);
        return ports;
    }

    /// Whether it lets anybody connect there, addresses aside.
    public boolean lets(HostName host, int port) {
        return allow.letting(host, port).isPresent() || letsOther(port);
    }

    private boolean letsOther(int port) {
        return mode.letsOthers() && otherPorts().contains(port);
    }

    /// What of it a plan leaves that names all places it wants: nothing that is not in both. A mode
    /// that lets others becomes `enforce`.
    ///
    /// @param wanted without addresses, which are the operator's to say
    public PhaseNetwork narrowed(List<AllowedHost> wanted) {
        var left = wanted.stream().flatMap(this::common).distinct().toList();
        return new PhaseNetwork(Mode.ENFORCE, new AllowList(left), caps, knownHosts);
    }

    /// Those of `wanted` of which nothing is let.
    public List<AllowedHost> beyond(List<AllowedHost> wanted) {
        return wanted.stream().filter(entry -> common(entry).findAny().isEmpty()).toList();
    }

    private Stream<AllowedHost> common(AllowedHost wanted) {
        // the listed entry first: it may have an address
        return Stream.concat(
                allow.hosts().stream().flatMap(entry -> entry.meeting(wanted).stream()),
                letsOther(wanted.port()) ? Stream.of(wanted) : Stream.empty());
    }

    /// Domains whose hosts are listed, each once.
    public List<String> domains() {
        return allow.hosts().stream()
                .filter(AllowedHost::isDomain)
                .map(entry -> entry.host().text())
                .distinct()
                .toList();
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
