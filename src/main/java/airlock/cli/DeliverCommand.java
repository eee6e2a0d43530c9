package airlock.cli;

import airlock.config.AirlockConfig;
import airlock.operator.SignedSample;
import airlock.text.SafeText;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "deliver",
        description = "Signs a file of webhook-samples as its forge would and sends it.")
final class DeliverCommand extends Output {
    private static final Duration LIMIT = Duration.ofSeconds(30);

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
                    "changes a field before signing: after, before, ref, number, repository.id,"
                            + " repository, or a path")
    private Map<String, String> fields = new LinkedHashMap<>();

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "where Airlock listens; else the configuration's `listen`")
    private @Nullable URI url;

    @Override
    public Integer call() throws InterruptedException {
        var read = config.read();
        var target = URI.create((url != null ? url : address(read.listen())) + "/hooks/" + hook);
        try {
            var answer =
                    SignedSample.post(SignedSample.of(read, hook, file, fields), target, LIMIT);
            out().println(answer.statusCode() + " " + SafeText.lines(answer.body()).strip());
            return answer.statusCode() < 300 ? ExitCode.OK : ExitCode.NO;
        } catch (IllegalArgumentException e) {
            throw new CliException(ExitCode.USAGE, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.BROKE,
                    "no server answers at %s (%s); is `airlock serve` running?"
                            .formatted(target, e.getClass().getSimpleName()));
        }
    }

    private static URI address(AirlockConfig.Listen listen) {
        boolean version6 = listen.host().contains(":") && !listen.host().startsWith("[");
        String host = version6 ? "[" + listen.host() + "]" : listen.host();
        return URI.create("http://" + host + ":" + listen.port());
    }
}
