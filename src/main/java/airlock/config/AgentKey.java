package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Setting;
import java.util.List;
import java.util.Set;

/// An SSH key that the host signs with for a phase, and that never enters a VM.
@Setting.Group(
        title = "repositories[].secrets.agent[]",
        about =
                "A key that the host signs with, over the uplink: ssh in the VM asks its agent,"
                        + " which is the host.")
public record AgentKey(
        @Setting(
                        value = "The key's name (`airlock secret new REPOSITORY NAME`).",
                        or = "deploy",
                        type = "secret name",
                        example = "deploy")
                String key,
        @Setting(
                        value = "For which users at the hosts it signs.",
                        pattern = SecretsConfig.USER,
                        expected = SecretsConfig.USER_IS,
                        range = "1 to 100",
                        example = "[www-data]")
                List<String> users,
        @Setting(
                        value =
                                "At which hosts. Their keys are those of `known_hosts` of the"
                                        + " network: it signs for no other key, whatever the VM says.",
                        range = "1 to 100",
                        example = "[upload.example]")
                List<HostName> hosts,
        @Setting(
                        value = "Most signatures of one phase; a connection takes one.",
                        or = "100",
                        range = "1 to 10000")
                int signatures,
        @Setting(
                        value = SecretsConfig.PHASES,
                        or = "[post_plan]",
                        type = "phase",
                        range = "1 to 2",
                        example = "[pre_plan, post_plan]")
                Set<Phase> phases,
        @Setting(value = SecretsConfig.FETCH, or = "false", example = "true") boolean fetch) {
    public AgentKey {
        users = List.copyOf(users);
        hosts = List.copyOf(hosts);
        phases = Set.copyOf(phases);
    }
}
