package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import airlock.config.ConfigReader;
import airlock.config.ConfigReading;
import airlock.house.LoopbackForge;
import airlock.image.ImageException;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

final class ServingTest {
    @TempDir Path directory;

    /// Keeps what is logged, from any thread.
    private static final class Lines extends AppenderBase<ILoggingEvent> {
        private final List<String> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    }

    @Test
    void aServerThatStartsSaysWhichTokenIsRefusedAndWhatToDo() throws Exception {
        var logger = (Logger) LoggerFactory.getLogger(Serving.class);
        var kept = new Lines();
        kept.start();
        logger.addAppender(kept);
        try (var forge = LoopbackForge.start(0)) {
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
                                    assertThat(kept.lines)
                                            .singleElement()
                                            .asString()
                                            .contains(
                                                    "forge 'bad' answered 401",
                                                    "no status is set",
                                                    "make a new token at"));
        } finally {
            logger.detachAppender(kept);
        }
    }
}
