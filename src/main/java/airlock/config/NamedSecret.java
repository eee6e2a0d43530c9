package airlock.config;

import airlock.event.Phase;
import airlock.yaml.Setting;
import java.util.Set;

/// A file or variable of the secrets drive, below `/ci/secrets`.
public record NamedSecret(
        @Setting(
                        value = "Its name in the store and in the VM.",
                        type = "name on the drive",
                        example = "UPLOAD_PASSWORD")
                String name,
        @Setting(
                        value = SecretsConfig.PHASES,
                        or = "[post_plan]",
                        type = "phase",
                        range = "1 to 2",
                        example = "[pre_plan, post_plan]")
                Set<Phase> phases) {
    public NamedSecret {
        phases = Set.copyOf(phases);
    }
}
