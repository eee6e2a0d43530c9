package airlock.operator;

import airlock.config.AirlockConfig;
import airlock.machine.AppException;
import airlock.webhook.Sample;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/// A sample of a delivery, signed with the secret that the configuration has for a hook.
///
/// @param headers as the forge would send them
public record SignedSample(Map<String, String> headers, byte[] body) {
    /// Fills and signs the sample in `file` for `hook` (`FORGE/OWNER/NAME`).
    public static SignedSample of(
            AirlockConfig config, String hook, Path file, Map<String, String> fields) {
        int slash = hook.indexOf('/');
        var repository =
                slash < 0
                        ? java.util.Optional.<airlock.config.RepositoryConfig>empty()
                        : config.repository(hook.substring(0, slash), hook.substring(slash + 1));
        var secret =
                repository
                        .orElseThrow(
                                () ->
                                        new AppException(
                                                "the configuration has no hook '"
                                                        + hook
                                                        + "' (FORGE/OWNER/NAME)"))
                        .hookSecrets()
                        .getFirst();
        var sample = Sample.load(file);
        for (var field : fields.entrySet()) {
            sample = sample.with(field.getKey(), field.getValue());
        }
        var signed = sample.sign(secret, UUID.randomUUID().toString());
        return new SignedSample(signed.headers(), signed.body());
    }
}
