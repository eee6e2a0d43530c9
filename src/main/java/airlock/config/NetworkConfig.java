package airlock.config;

import airlock.config.PhaseNetwork.Mode;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// Where the VMs of a repository's trusted phases may connect to.
///
/// @param outside for pre_plan of outside runs; always enforced
/// @param outsideCode whether that pre_plan has its network even if it may run the commit's code
public record NetworkConfig(
        PhaseNetwork prePlan, PhaseNetwork postPlan, PhaseNetwork outside, boolean outsideCode) {
    /// Nowhere.
    public static final NetworkConfig NOTHING =
            new NetworkConfig(
                    PhaseNetwork.NOTHING, PhaseNetwork.NOTHING, PhaseNetwork.NOTHING, false);

    public NetworkConfig {
        if (outside.mode() != Mode.ENFORCE) {
            throw new IllegalArgumentException("outside runs are always in enforce");
        }
    }

    /// What a phase may; the one that runs the commit's own code never has any network.
    public PhaseNetwork of(Phase phase, TrustClass trust) {
        return switch (phase) {
            case PLAN -> PhaseNetwork.NOTHING;
            case PRE_PLAN -> trust == TrustClass.OUTSIDE ? outside : prePlan;
            case POST_PLAN -> trust == TrustClass.OUTSIDE ? PhaseNetwork.NOTHING : postPlan;
        };
    }

    /// The keys of one phase.
    record Listed(
            @Setting(
                            value =
                                    "`enforce`: nothing but what is listed. `observe`: all public"
                                            + " addresses too, for as long as the list is being"
                                            + " written. `open`: the same, for good. Those that are not"
                                            + " listed have ports 22, 80, 443 and the ports that listed"
                                            + " ones have, but for those of mail (25, 465, 587).",
                            or = "enforce",
                            example = "observe")
                    Mode mode,
            @Setting(
                            value = "Listed places ([Network](network.md)).",
                            or = "[]",
                            range = "0 to 500",
                            example =
                                    "[packages.example:443, \"git.lan:22 = 192.168.1.5\","
                                            + " \"*.cdn.example\"]")
                    List<AllowedHost> allow) {}

    /// All keys.
    @Setting.Group(
            title = "repositories[].network",
            about =
                    "Where the virtual machines of trusted phases may connect to: nowhere, unless"
                            + " it is listed. The plan's own never may ([Network](network.md)).")
    record Keys(
            @Setting(value = "The network of pre_plan.", or = "{}", type = "pre_plan network")
                    Listed prePlan,
            @Setting(value = "The network of post_plan.", or = "{}", type = "post_plan network")
                    Listed postPlan,
            @Setting(
                            value =
                                    "Listed places for the pre_plan of outside change requests,"
                                            + " whose mode is always `enforce`.",
                            or = "[]",
                            range = "0 to 500",
                            example = "[packages.example:443]")
                    List<AllowedHost> outside,
            @Setting(
                            value =
                                    "Whether an outside change request's pre_plan has that network"
                                            + " even if an action of it (`shell`) may run what the"
                                            + " request changes.",
                            or = "false",
                            example = "true")
                    boolean outsideCode,
            @Setting(
                            value =
                                    "Keys of ssh servers, as lines of known_hosts. If there are"
                                            + " some, ssh in the virtual machines accepts no others;"
                                            + " else it accepts the first that it meets.",
                            or = "[]",
                            range = "0 to 500",
                            example = "[\"git.lan ssh-ed25519 AAAA…\"]")
                    List<KnownHost> knownHosts,
            @Setting(
                            value =
                                    "Ports on which nothing but TLS is let through, and only to the"
                                            + " host that the connection is for.",
                            or = "[443]",
                            type = "port",
                            range = "0 to 500",
                            example = "[443, 8443]")
                    Set<Integer> tlsPorts,
            @Setting(value = "Most connections of one phase.", or = "10000", range = "1 to 1000000")
                    int connections,
            @Setting(
                            value =
                                    "Most bytes of all connections of one phase, in and out"
                                            + " together.",
                            or = "20 GiB",
                            range = "1 KiB to 16 TiB")
                    long bytes,
            @Setting(
                            value =
                                    "How long a connection may carry nothing in either direction"
                                            + " until it is ended.",
                            or = "30m",
                            range = "1s to 1d")
                    Duration idle)
            implements Setting.Checked {
        /// Of all known hosts, which become one file of the guest.
        private static final int MOST_LETTERS = 100_000;

        @Override
        public void check(Values values) {
            int letters = knownHosts.stream().mapToInt(host -> host.line().length() + 1).sum();
            if (letters > MOST_LETTERS) {
                values.place("known_hosts")
                        .error(
                                "%,d characters together; at most %,d"
                                        .formatted(letters, MOST_LETTERS));
            }
        }

        NetworkConfig network() {
            return new NetworkConfig(
                    of(prePlan), of(postPlan), of(new Listed(Mode.ENFORCE, outside)), outsideCode);
        }

        private PhaseNetwork of(Listed listed) {
            var caps = new NetworkCaps(tlsPorts, connections, bytes, idle);
            return new PhaseNetwork(listed.mode(), new AllowList(listed.allow()), caps, knownHosts);
        }
    }
}
