package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.house.LoopbackForge;
import airlock.image.FakeImages;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `airlock serve` in a process of its own, since it changes its process's limits and umask.
final class ServingTest {
    private static final String LINE = "forge 'bad' answered 401";

    @TempDir Path directory;

    private Path config(LoopbackForge forge) throws Exception {
        Path image = FakeImages.add(directory.resolve("images"), "mine-1");
        return Files.writeString(
                directory.resolve("airlock.yaml"),
                """
                base_url: https://ci.example.org
                listen: 127.0.0.1:0
                state: %1$s
                images: {mine: {directory: %3$s}}
                default_image: mine
                accelerator: tcg
                forges:
                  good: {kind: gitea, url: "%2$s", token: {env: GOOD}}
                  bad: {kind: gitea, url: "%2$s", token: {env: BAD}}
                repositories:
                  - {name: alice/hello, forge: good, url: "%2$s/alice/hello.git"}
                  - {name: alice/hello, forge: bad, url: "%2$s/alice/hello.git"}
                """
                        .formatted(directory.resolve("state"), forge.url(), image));
    }

    private Process serve(Path config) throws Exception {
        var builder =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty(
                                "surefire.test.class.path", System.getProperty("java.class.path")),
                        "airlock.Main",
                        "serve",
                        "--config",
                        config.toString());
        builder.environment().put("GOOD", LoopbackForge.TOKEN);
        builder.environment().put("BAD", "an-old-token");
        return builder.redirectErrorStream(true).start();
    }

    @Test
    void aServerThatStartsSaysWhichTokenIsRefusedAndWhatToDo() throws Exception {
        try (var forge = LoopbackForge.start(0)) {
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            var process = serve(config(forge));
            List<String> said;
            try (var lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
                said = lines.filter(line -> line.contains("answered 401")).limit(1).toList();
            } finally {
                process.destroyForcibly().waitFor();
            }
            assertThat(said)
                    .singleElement()
                    .asString()
                    .contains(LINE, "no status is set", "make a new token at");
        }
    }
}
