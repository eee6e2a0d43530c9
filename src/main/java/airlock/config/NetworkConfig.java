package airlock.config;

import airlock.config.PhaseNetwork.Mode;
import airlock.event.Phase;
import airlock.event.TrustClass;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// The network of a repository's trusted phases.
///
/// @param outside for pre_plan of outside runs; always enforced
/// @param outsideCode whether that pre_plan has its network even if it may run the commit's code
public record NetworkConfig(
        PhaseNetwork prePlan, PhaseNetwork postPlan, PhaseNetwork outside, boolean outsideCode) {
    public static final NetworkConfig NOTHING =
            new NetworkConfig(
                    PhaseNetwork.NOTHING, PhaseNetwork.NOTHING, PhaseNetwork.NOTHING, false);

    public NetworkConfig {
        if (outside.mode() != Mode.ENFORCE) {
            throw new IllegalArgumentException("outside runs are always in enforce");
        }
    }

    /// The network of a phase; the phase that runs the commit's code never has one.
    public PhaseNetwork of(Phase phase, TrustClass trust) {
        return switch (phase) {
            case PLAN -> PhaseNetwork.NOTHING;
            case PRE_PLAN -> trust == TrustClass.OUTSIDE ? outside : prePlan;
            case POST_PLAN -> trust == TrustClass.OUTSIDE ? PhaseNetwork.NOTHING : postPlan;
        };
    }

    record Listed(
            @Setting(
                            value =
                                    "`enforce`: only listed places. `observe`: all public addresses"
                                            + " too, while you write the list. `open`: the same,"
                                            + " permanently. Unlisted places are limited to ports"
                                            + " 22, 80, 443 and those of listed places, without"
                                            + " the ports of mail (25, 465, 587).",
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

    @Setting.Group(
            title = "repositories[].network",
            about =
                    "Where the virtual machines of trusted phases may connect to: only listed"
                            + " places. Those of `plan` never have a network"
                            + " ([Network](network.md)).")
    record Keys(
            @Setting(value = "The network of pre_plan.", or = "{}", type = "pre_plan network")
                    Listed prePlan,
            @Setting(value = "The network of post_plan.", or = "{}", type = "post_plan network")
                    Listed postPlan,
            @Setting(
                            value =
                                    "Listed places for the pre_plan of outside change requests; it"
                                            + " is always in mode `enforce`.",
                            or = "[]",
                            range = "0 to 500",
                            example = "[packages.example:443]")
                    List<AllowedHost> outside,
            @Setting(
                            value =
                                    "Whether an outside change request's pre_plan has a network"
                                            + " even if one of its actions (`shell`) may run code"
                                            + " of the request.",
                            or = "false")
                    boolean outsideCode,
            @Setting(
                            value =
                                    "Keys of ssh servers, as lines of known_hosts. If there are"
                                            + " any, ssh in the virtual machines accepts no"
                                            + " others; otherwise it trusts each host's first key.",
                            or = "[]",
                            range = "0 to 500",
                            example = "[\"git.lan ssh-ed25519 AAAA…\"]")
                    List<KnownHost> knownHosts,
            @Setting(
                            value = "Ports that allow only TLS to the connection's own host.",
                            or = "[443]",
                            type = "port",
                            range = "0 to 500",
                            example = "[443, 8443]")
                    Set<Integer> tlsPorts,
            @Setting(value = "Connections per phase.", or = "10000", range = "1 to 1000000")
                    int connections,
            @Setting(
                            value = "Bytes per phase, in and out.",
                            or = "20 GiB",
                            range = "1 KiB to 16 TiB")
                    long bytes,
            @Setting(value = "How long a connection may be idle.", or = "30m", range = "1s to 1d")
                    Duration idle)
            implements Setting.Checked {
        /// Bounds all known hosts together: they become one file in the guest.
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
