package airlock.config;

import airlock.config.PhaseNetwork.Mode;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Units;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Where a repository's trusted phases may connect to.
final class NetworkSection {
    /// What holds for all phases.
    private record Common(NetworkCaps caps, List<KnownHost> knownHosts) {
        PhaseNetwork network(Mode mode, List<AllowedHost> allow) {
            return new PhaseNetwork(mode, new AllowList(allow), caps, knownHosts);
        }
    }

    private static final int MOST_HOSTS = 500;
    private static final int LAST_PORT = 65_535;

    /// Of all known hosts, which become one file of the guest.
    private static final int MOST_LETTERS = 100_000;
    private static final Type<List<AllowedHost>> HOSTS =
            Compounds.list(new AllowedHostType(), 0, MOST_HOSTS);
    private static final Key<Mode> MODE =
            Key.or(
                            "mode",
                            modes(),
                            Mode.ENFORCE,
                            "enforce",
                            "`enforce`: nothing but what is listed. `observe`: all public addresses"
                                    + " too, for as long as the list is being written. `open`: the"
                                    + " same, for good. Those that are not listed have ports 22, 80,"
                                    + " 443 and the ports that listed ones have, but for those of"
                                    + " mail (25, 465, 587).")
                    .example("observe");
    private static final Key<List<AllowedHost>> ALLOW =
            Key.or("allow", HOSTS, List.of(), "[]", "Listed places ([Network](network.md)).")
                    .example(
                            "[packages.example:443, \"git.lan:22 = 192.168.1.5\", \"*.cdn.example\"]");
    private static final Key<Function<Common, PhaseNetwork>> PRE_PLAN = phase("pre_plan");
    private static final Key<Function<Common, PhaseNetwork>> POST_PLAN = phase("post_plan");
    private static final Key<List<AllowedHost>> OUTSIDE =
            Key.or(
                            "outside",
                            HOSTS,
                            List.of(),
                            "[]",
                            "Listed places for the pre_plan of outside change requests, whose mode"
                                    + " is always `enforce`.")
                    .example("[packages.example:443]");
    private static final Key<Boolean> OUTSIDE_CODE =
            Key.or(
                            "outside_code",
                            Scalars.FLAG,
                            false,
                            "false",
                            "Whether an outside change request's pre_plan has that network also"
                                    + " where an action of it (`shell`) may run what the request"
                                    + " changes.")
                    .example("true");
    private static final NetworkCaps STANDARD = NetworkCaps.STANDARD;
    private static final Key<List<Long>> TLS_PORTS =
            Key.or(
                            "tls_ports",
                            Compounds.list(Scalars.integer(1, LAST_PORT), 0, MOST_HOSTS),
                            List.of(443L),
                            "[443]",
                            "Ports on which nothing but TLS is let through, and only to the host"
                                    + " that the connection is for.")
                    .example("[443, 8443]");
    private static final Key<Long> CONNECTIONS =
            Key.or(
                    "connections",
                    Scalars.integer(1, 1_000_000),
                    STANDARD.connections(),
                    Long.toString(STANDARD.connections()),
                    "Most connections of one phase.");
    private static final Key<Long> BYTES =
            Key.or(
                    "bytes",
                    Scalars.size(1L << 10, 1L << 44),
                    STANDARD.bytes(),
                    Units.showSize(STANDARD.bytes()),
                    "Most bytes of all connections of one phase, in and out together.");
    private static final Key<Duration> IDLE =
            Key.or(
                    "idle",
                    Scalars.duration(Duration.ofSeconds(1), Duration.ofDays(1)),
                    STANDARD.idle(),
                    Units.showDuration(STANDARD.idle()),
                    "How long a connection may carry nothing in either direction until it is"
                            + " ended.");
    private static final Key<List<KnownHost>> KNOWN_HOSTS =
            Key.or(
                            "known_hosts",
                            Compounds.list(
                                    Scalars.TEXT.as(
                                            "a line HOST TYPE KEY, as ssh-keyscan prints it",
                                            KnownHost::of),
                                    0,
                                    MOST_HOSTS),
                            List.of(),
                            "[]",
                            "Keys of ssh servers, as lines of known_hosts. Where there are some,"
                                    + " ssh in the virtual machines accepts no others; else it"
                                    + " accepts the first that it meets.")
                    .example("[\"git.lan ssh-ed25519 AAAA…\"]");

    private NetworkSection() {}

    private static Type<Mode> modes() {
        var words = new LinkedHashMap<String, Mode>();
        words.put("enforce", Mode.ENFORCE);
        words.put("observe", Mode.OBSERVE);
        words.put("open", Mode.OPEN);
        return Scalars.choice(words);
    }

    private static Key<Function<Common, PhaseNetwork>> phase(String name) {
        return Key.or(
                name,
                new Section<>(
                        "repositories[].network." + name,
                        "The network of " + name + ".",
                        List.of(MODE, ALLOW),
                        values -> all -> all.network(values.get(MODE), values.get(ALLOW))),
                all -> all.network(Mode.ENFORCE, List.of()),
                "{}",
                "The network of " + name + ".");
    }

    static Section<NetworkConfig> section() {
        return new Section<>(
                "repositories[].network",
                "Where the virtual machines of trusted phases may connect to: nowhere, unless it is"
                        + " listed. The plan's own never may ([Network](network.md)).",
                List.of(
                        PRE_PLAN,
                        POST_PLAN,
                        OUTSIDE,
                        OUTSIDE_CODE,
                        KNOWN_HOSTS,
                        TLS_PORTS,
                        CONNECTIONS,
                        BYTES,
                        IDLE),
                NetworkSection::make);
    }

    private static NetworkConfig make(Values values) {
        Set<Integer> tls = new HashSet<>();
        values.get(TLS_PORTS).forEach(port -> tls.add(port.intValue()));
        var caps =
                new NetworkCaps(tls, values.get(CONNECTIONS), values.get(BYTES), values.get(IDLE));
        var all = new Common(caps, values.get(KNOWN_HOSTS));
        int letters = all.knownHosts().stream().mapToInt(host -> host.line().length() + 1).sum();
        if (letters > MOST_LETTERS) {
            values.place(KNOWN_HOSTS)
                    .error("%,d characters together; at most %,d".formatted(letters, MOST_LETTERS));
        }
        return new NetworkConfig(
                values.get(PRE_PLAN).apply(all),
                values.get(POST_PLAN).apply(all),
                all.network(Mode.ENFORCE, values.get(OUTSIDE)),
                values.get(OUTSIDE_CODE));
    }
}
