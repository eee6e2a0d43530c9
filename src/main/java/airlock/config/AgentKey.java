package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Setting;
import java.util.List;
import java.util.Set;

/// An SSH key that the host signs with for a phase; it never enters a VM.
@Setting.Group(
        title = "repositories[].secrets.agent[]",
        about =
                "A key that the host signs with: ssh in the VM reaches the host as its agent over"
                        + " the uplink.")
public record AgentKey(
        @Setting(value = "Its name (`airlock secret new`).", or = "deploy", type = "secret name")
                String key,
        @Setting(
                        value = "The users at those hosts that it signs for.",
                        pattern = SecretsConfig.USER,
                        expected = SecretsConfig.USER_IS,
                        range = "1 to 100",
                        example = "[www-data]")
                List<String> users,
        @Setting(
                        value =
                                "The hosts. Their public keys must be in `known_hosts` of the"
                                        + " network; it signs for no others.",
                        range = "1 to 100",
                        example = "[upload.example]")
                List<HostName> hosts,
        @Setting(
                        value = "Signatures per phase, one per connection.",
                        or = "100",
                        range = "1 to 10000")
                int signatures,
        @Setting(value = SecretsConfig.PHASES, or = "[post_plan]", type = "phase", range = "1 to 2")
                Set<Phase> phases,
        @Setting(value = SecretsConfig.FETCH, or = "false") boolean fetch) {
    public AgentKey {
        users = List.copyOf(users);
        hosts = List.copyOf(hosts);
        phases = Set.copyOf(phases);
    }
}
