package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import airlock.config.ConfigReader;
import airlock.config.ConfigReading;
import airlock.house.LogLines;
import airlock.house.LoopbackForge;
import airlock.image.ImageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServingTest {
    @TempDir Path directory;

    @Test
    void aServerThatStartsSaysWhichTokenIsRefusedAndWhatToDo() throws Exception {
        try (var log = LogLines.of(Serving.class);
                var forge = LoopbackForge.start(0)) {
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            Path file =
                    Files.writeString(
                            directory.resolve("airlock.yaml"),
                            """
                            base_url: https://ci.example.org
                            listen: 127.0.0.1:0
                            state: %1$s
                            images: {mine: {directory: %1$s/nothing}}
                            default_image: mine
                            forges:
                              good: {kind: gitea, url: "%2$s", token: {env: GOOD}}
                              bad: {kind: gitea, url: "%2$s", token: {env: BAD}}
                            repositories:
                              - {name: alice/hello, forge: good, url: "%2$s/alice/hello.git"}
                              - {name: alice/hello, forge: bad, url: "%2$s/alice/hello.git"}
                            """
                                    .formatted(directory.resolve("state"), forge.url()));
            var environment = Map.of("GOOD", LoopbackForge.TOKEN, "BAD", "an-old-token");
            var config =
                    switch (new ConfigReader(environment).read(file)) {
                        case ConfigReading.Read read -> read.config();
                        case ConfigReading.Invalid invalid ->
                                throw new AssertionError(invalid.problems());
                    };
            // the image is missing, so this one ends after it has begun to take deliveries
            assertThatThrownBy(() -> new Serving(config, InstantSource.system(), _ -> {}))
                    .isInstanceOf(ImageException.class);
            await().untilAsserted(() -> assertThat(forge.asked()).hasSize(2));
            await().untilAsserted(
                            () ->
                                    assertThat(log.lines())
                                            .singleElement()
                                            .asString()
                                            .contains(
                                                    "forge 'bad' answered 401",
                                                    "no status is set",
                                                    "make a new token at"));
        }
    }
}
