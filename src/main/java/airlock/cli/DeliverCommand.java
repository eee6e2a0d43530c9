package airlock.cli;

import airlock.app.SignedSample;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `airlock deliver`.
@Command(
        name = "deliver",
        description = "Signs a file of webhook-samples as its forge would and sends it.",
        mixinStandardHelpOptions = true)
final class DeliverCommand extends Output {
    @Mixin private ConfigOption config;

    @Parameters(paramLabel = "FILE", description = "such as webhook-samples/gitea/push.json")
    private Path file;

    @Option(
            names = "--hook",
            required = true,
            paramLabel = "FORGE/OWNER/NAME",
            description = "the hook it goes to")
    private String hook;

    @Option(
            names = "--set",
            paramLabel = "FIELD=VALUE",
            description =
                    "changes a field before signing: after, before, ref, number, repository.id, repository, or a path")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "where Airlock listens; else the configuration's `listen`")
    private @Nullable URI url;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var read = config.read(err());
        var signed = SignedSample.of(read, hook, file, fields);
        var base =
                url != null
                        ? url
                        : URI.create("http://" + read.listen().host() + ":" + read.listen().port());
        var request =
                HttpRequest.newBuilder(URI.create(base + "/hooks/" + hook))
                        .timeout(Duration.ofSeconds(30));
        signed.headers().forEach(request::header);
        try (var client = HttpClient.newHttpClient()) {
            var answer =
                    client.send(
                            request.POST(HttpRequest.BodyPublishers.ofByteArray(signed.body()))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            out().println(answer.statusCode() + " " + answer.body());
            return answer.statusCode() < 300 ? ExitCode.OK : ExitCode.NO;
        }
    }
}
