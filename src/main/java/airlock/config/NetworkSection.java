package airlock.config;

import airlock.config.PhaseNetwork.Mode;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Type;
import airlock.yaml.Units;
import airlock.yaml.Values;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// Where a repository's trusted phases may connect to.
final class NetworkSection {
    private static final int MOST_HOSTS = 500;
    private static final int LAST_PORT = 65_535;
    private static final Type<List<AllowedHost>> HOSTS =
            Compounds.list(
                    Scalars.TEXT.as("HOST:PORT, HOST:PORT = ADDRESS or *.DOMAIN", AllowedHost::of),
                    0,
                    MOST_HOSTS);
    private static final Key<Mode> MODE =
            Key.or(
                            "mode",
                            modes(),
                            Mode.ENFORCE,
                            "enforce",
                            "`enforce`: nothing but what is listed. `observe`: all public addresses"
                                    + " too, for as long as the list is being written. `open`: the"
                                    + " same, for good. Those that are not listed have ports 22, 80,"
                                    + " 443 and the ports that listed ones have.")
                    .example("observe");
    private static final Key<List<AllowedHost>> ALLOW =
            Key.or("allow", HOSTS, List.of(), "[]", "Listed places ([Network](network.md)).")
                    .example(
                            "[packages.example:443, \"git.lan:22 = 192.168.1.5\", \"*.cdn.example\"]");
    private static final Key<Function<NetworkCaps, PhaseNetwork>> PRE_PLAN = phase("pre_plan");
    private static final Key<Function<NetworkCaps, PhaseNetwork>> POST_PLAN = phase("post_plan");
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

    private NetworkSection() {}

    private static Type<Mode> modes() {
        var words = new LinkedHashMap<String, Mode>();
        words.put("enforce", Mode.ENFORCE);
        words.put("observe", Mode.OBSERVE);
        words.put("open", Mode.OPEN);
        return Scalars.choice(words);
    }

    private static Key<Function<NetworkCaps, PhaseNetwork>> phase(String name) {
        return Key.or(
                name,
                new Section<>(
                        "repositories[].network." + name,
                        "The network of " + name + ".",
                        List.of(MODE, ALLOW),
                        values ->
                                caps ->
                                        new PhaseNetwork(
                                                values.get(MODE),
                                                new AllowList(values.get(ALLOW)),
                                                caps)),
                caps -> new PhaseNetwork(Mode.ENFORCE, AllowList.NOTHING, caps),
                "{}",
                "The network of " + name + ".");
    }

    static Section<NetworkConfig> section() {
        return new Section<>(
                "repositories[].network",
                "Where the virtual machines of trusted phases may connect to: nowhere, unless it is"
                        + " listed. The plan's own never may ([Network](network.md)).",
                List.of(PRE_PLAN, POST_PLAN, OUTSIDE, OUTSIDE_CODE, TLS_PORTS, CONNECTIONS, BYTES),
                NetworkSection::make);
    }

    private static NetworkConfig make(Values values) {
        Set<Integer> tls = new HashSet<>();
        values.get(TLS_PORTS).forEach(port -> tls.add(port.intValue()));
        var caps = new NetworkCaps(tls, values.get(CONNECTIONS), values.get(BYTES));
        return new NetworkConfig(
                values.get(PRE_PLAN).apply(caps),
                values.get(POST_PLAN).apply(caps),
                new PhaseNetwork(Mode.ENFORCE, new AllowList(values.get(OUTSIDE)), caps),
                values.get(OUTSIDE_CODE));
    }
}
