package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import airlock.forge.Forge;
import airlock.forge.Headers;
import airlock.forge.Readings;
import airlock.webhook.WebhookIntake.HookRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Each sample of webhook-samples, signed and sent; `NAME.expected` says what it means
/// (`-Dgolden=update` writes it anew for the eye).
class SamplesTest {
    private static final Path FOLDER = Path.of("webhook-samples");
    private static final Secret SECRET = new Secret("a secret for samples");

    static Stream<Path> samples() throws IOException {
        try (Stream<Path> files = Files.walk(FOLDER)) {
            return files
                    .filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleVerifiesAndMeansWhatItSays(Path file) throws IOException {
        Sample sample = Sample.load(file);
        Path expected = file.resolveSibling(name(file) + ".expected");
        var signed = sample.sign(SECRET, "1");
        Forge format = Forge.of(sample.kind());
        String event = format.eventName(Headers.ofSingle(signed.headers()));
        String line = Readings.line(format.read("x", event, signed.body())) + "\n";
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(expected, line);
        }

        assertThat(line).isEqualTo(Files.readString(expected));
        assertThat(send(signed, SECRET).status()).isIn(200, 202);
        assertThat(send(signed, new Secret("another")).status()).isEqualTo(401);
    }

    @ParameterizedTest
    @MethodSource("samples")
    void aSampleLiesInTheFolderOfItsForge(Path file) {
        assertThat(FOLDER.relativize(file).getName(0)).hasToString(Sample.load(file).kind().key());
    }

    @Test
    void thereAreSamplesOfEachForgeAndTheTableNamesThem() throws IOException {
        List<String> names = samples().map(SamplesTest::name).distinct().toList();
        String readme = Files.readString(FOLDER.resolve("README.md"));

        assertThat(samples()).hasSizeGreaterThan(50);
        assertThat(names).allSatisfy(name -> assertThat(readme).contains("| `" + name + "` |"));
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".json", "");
    }

    private static HookAnswer send(Sample signed, Secret configured) {
        return IntakeOfRecordings.with(
                        "x/alice/widget", signed.kind(), Optional.of("7"), configured)
                .take(
                        new HookRequest(
                                "POST", "x/alice/widget", Headers.ofSingle(signed.headers())),
                        signed.body());
    }
}
