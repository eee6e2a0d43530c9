package airlock.operator;

import airlock.config.AirlockConfig;
import airlock.config.RepositoryConfig;
import airlock.machine.AppException;
import airlock.webhook.Sample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// Deliveries as their forge would send them, signed with the configured secret of a hook.
public final class SignedSample {
    private SignedSample() {}

    /// Fills and signs the sample in `file` for `hook` (`FORGE/OWNER/NAME`).
    public static Sample of(
            AirlockConfig config, String hook, Path file, Map<String, String> fields) {
        var words = hook.split("/", 2);
        var repository =
                words.length < 2
                        ? Optional.<RepositoryConfig>empty()
                        : config.repository(words[0], words[1]);
        var secret =
                repository
                        .orElseThrow(
                                () ->
                                        new AppException(
                                                "the configuration has no hook '%s' (FORGE/OWNER/NAME)"
                                                        .formatted(hook)))
                        .hookSecrets()
                        .getFirst();
        var sample = Sample.load(file);
        for (var field : fields.entrySet()) {
            sample = sample.with(field.getKey(), field.getValue());
        }
        return sample.sign(secret, UUID.randomUUID().toString());
    }

    /// Posts a sample and returns the answer. Follows no redirect: that would make the delivery an
    /// empty GET.
    ///
    /// @param limit for the connection, and for the answer
    /// @throws IOException if no server answers
    public static HttpResponse<String> post(Sample sample, URI target, Duration limit)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(target).timeout(limit);
        sample.headers().forEach(request::header);
        request.POST(HttpRequest.BodyPublishers.ofByteArray(sample.body()));
        try (var client = HttpClient.newBuilder().connectTimeout(limit).build()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
