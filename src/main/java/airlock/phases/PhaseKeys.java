package airlock.phases;

import airlock.agent.AgentKey;
import airlock.agent.AgentPolicy;
import airlock.agent.HostKey;
import airlock.agent.ListedHost;
import airlock.agent.Signer;
import airlock.config.HostName;
import airlock.config.KnownHost;
import airlock.phases.OpenedSecrets.HeldKey;
import airlock.secrets.AgentSigner;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// The keys of a phase's agent, as it is to use them.
final class PhaseKeys {
    private static final String SETTING = "repositories[].secrets.agent";

    private PhaseKeys() {}

    /// @param known the keys of ssh servers
    /// @param notes hears of each key of a server that the agent can't use
    static List<AgentKey> of(List<HeldKey> held, List<KnownHost> known, Consumer<String> notes) {
        return held.stream()
                .map(
                        key ->
                                new AgentKey(
                                        new OfStore(key.signer()),
                                        SETTING + " of key " + key.key().key(),
                                        new AgentPolicy(
                                                Set.copyOf(key.key().users()),
                                                hosts(key.key().hosts(), known, notes),
                                                key.key().signatures())))
                .toList();
    }

    private static List<ListedHost> hosts(
            List<HostName> wanted, List<KnownHost> known, Consumer<String> notes) {
        var hosts = new ArrayList<ListedHost>();
        for (HostName host : wanted) {
            for (KnownHost line : known) {
                if (line.isOf(host)) {
                    switch (HostKey.read(line.blob())) {
                        case HostKey.Reading.Read(var key) ->
                                hosts.add(new ListedHost(host.text(), key));
                        case HostKey.Reading.Refused(var why) ->
                                notes.accept(
                                        "warning: the agent can't use the key of %s, which %s"
                                                .formatted(host, why));
                    }
                }
            }
        }
        return hosts;
    }

    /// A key that stays where it is kept.
    private record OfStore(AgentSigner signer) implements Signer {
        @Override
        public byte[] publicBlob() {
            return signer.publicBlob();
        }

        @Override
        public String comment() {
            return signer.comment();
        }

        @Override
        public byte[] sign(byte[] data) {
            return signer.sign(data);
        }
    }
}
