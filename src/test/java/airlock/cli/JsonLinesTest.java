package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.status.NopStatusListener;
import ch.qos.logback.core.status.StatusUtil;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The server's own logging configuration, line by line.
class JsonLinesTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final String HOSTILE = "two\nlines \u001b[31m \u202e \"quoted\" {\"run\":\"x\"}";

    /// What `writes` puts on stderr with src/main/resources/logback.xml.
    private static List<String> written(String format, Consumer<Logger> writes) {
        var bytes = new ByteArrayOutputStream();
        var stderr = System.err;
        var context = new LoggerContext();
        context.setMDCAdapter(((LoggerContext) LoggerFactory.getILoggerFactory()).getMDCAdapter());
        context.putProperty("airlock.log.format", format);
        try {
            System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            var configurator = new JoranConfigurator();
            configurator.setContext(context);
            configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
            writes.accept(context.getLogger("airlock.run.RunWorker"));
        } catch (JoranException e) {
            throw new AssertionError(e);
        } finally {
            System.setErr(stderr);
            context.stop();
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static JsonNode json(String line) {
        return JSON.readTree(line);
    }

    @Test
    void logbackSaysNothingOfItself() throws Exception {
        var context = new LoggerContext();
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(
                Objects.requireNonNull(JsonLinesTest.class.getResource("/logback.xml")));

        assertThat(StatusUtil.contextHasStatusListener(context))
                .as("without one, its warning of the appender that is not used prints all")
                .isTrue();
        assertThat(context.getStatusManager().getCopyOfStatusListenerList())
                .allMatch(listener -> listener instanceof NopStatusListener);
    }

    @Test
    void eachLineIsAnObjectWithTheIdsAsFields() {
        var lines =
                written(
                        "json",
                        log -> {
                            try (var _ = MDC.putCloseable("run", "k3q5x7m2vb4hj6tnd2fa")) {
                                log.atInfo()
                                        .addKeyValue("repository", "berg:7")
                                        .log("{}", "passed");
                            }
                            log.warn("after it");
                        });
        assertThat(lines).hasSize(2);
        var first = json(lines.getFirst());
        assertThat(first.path("run").asString()).isEqualTo("k3q5x7m2vb4hj6tnd2fa");
        assertThat(first.path("repository").asString()).isEqualTo("berg:7");
        assertThat(first.path("message").asString()).isEqualTo("passed");
        assertThat(first.path("level").asString()).isEqualTo("INFO");
        assertThat(first.path("logger").asString()).isEqualTo("airlock.run.RunWorker");
        assertThat(first.path("time").asString()).matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z");
        assertThat(json(lines.getLast()).has("run")).isFalse();
    }

    @Test
    void hostileTextsStayOneLineOfAsciiAndForgeNoField() {
        var lines =
                written(
                        "json",
                        log -> {
                            log.atInfo().addKeyValue("message", HOSTILE).log(HOSTILE);
                            log.atInfo()
                                    .addKeyValue("why", HOSTILE)
                                    .setCause(new IOException(HOSTILE))
                                    .log("x");
                        });
        assertThat(lines).hasSize(2).allSatisfy(line -> assertThat(line).matches("[\\x20-\\x7e]+"));
        assertThat(json(lines.getFirst()).path("message").asString()).isEqualTo(HOSTILE);
        assertThat(json(lines.getLast()).path("why").asString()).isEqualTo(HOSTILE);
        assertThat(json(lines.getLast()).path("error").asString())
                .startsWith("java.io.IOException: two\nlines")
                .contains("JsonLinesTest");
        assertThat(lines).allSatisfy(line -> assertThat(json(line).has("run")).isFalse());
    }

    @Test
    void aSecretIsStars() {
        var secret = new Secret("very-secret");
        for (String format : List.of("json", "text")) {
            var lines =
                    written(
                            format,
                            log ->
                                    log.atInfo()
                                            .addKeyValue("token", secret)
                                            .log("with {}", secret));
            assertThat(String.join("\n", lines)).contains("***").doesNotContain("very-secret");
        }
    }

    @Test
    void asTextTheIdsAreThereToo() {
        var lines =
                written(
                        "text",
                        log -> {
                            try (var _ = MDC.putCloseable("run", "k3q5x7m2vb4hj6tnd2fa")) {
                                log.atInfo().addKeyValue("repository", "berg:7").log("passed");
                            }
                        });
        assertThat(lines)
                .singleElement()
                .asString()
                .contains("RunWorker passed repository=\"berg:7\" run=k3q5x7m2vb4hj6tnd2fa");
    }

    /// Says a line as the server would, after `serve` has seen its options.
    static final class ServesAndLogs {
        private ServesAndLogs() {}

        /// The configuration that it names is not there, so it ends after that.
        public static void main(String[] arguments) {
            int _ = AirlockCommand.run(arguments);
            LoggerFactory.getLogger("airlock.test").atInfo().addKeyValue("run", "r").log("said");
        }
    }

    @Test
    void serveTakesTheFormatAsAnOption() throws Exception {
        for (String format : List.of("json", "text")) {
            var process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Dlogback.configurationFile=logback.xml",
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    ServesAndLogs.class.getName(),
                                    "serve",
                                    "--log-format",
                                    format,
                                    "--config",
                                    "/nonexistent/airlock.yaml")
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            String said =
                    new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .reduce("", (_, line) -> line);
            assertThat(process.waitFor()).isZero();
            if (format.equals("json")) {
                assertThat(json(said).path("run").asString()).isEqualTo("r");
            } else {
                assertThat(said).contains("INFO  test said run=\"r\"");
            }
        }
    }
}
