package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Setting;
import java.util.Set;

public record NamedSecret(
        @Setting(
                        value = "Its name in store and VM.",
                        type = "name on the drive",
                        example = "UPLOAD_PASSWORD")
                String name,
        @Setting(value = SecretsConfig.PHASES, or = "[post_plan]", type = "phase", range = "1 to 2")
                Set<Phase> phases) {
    public NamedSecret {
        phases = Set.copyOf(phases);
    }
}
