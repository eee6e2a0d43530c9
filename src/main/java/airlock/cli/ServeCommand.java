package airlock.cli;

import airlock.app.Serving;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = "Takes webhooks and runs what they ask for, until it is stopped.")
final class ServeCommand extends Output {
    /// The property that src/main/resources/logback.xml reads when the first logger is made.
    private static final String LOG_FORMAT = "airlock.log.format";

    @Mixin private ConfigOption config;

    @Option(
            names = "--log-format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description =
                    "how the log on stderr looks: text, or json (an object a line); ${DEFAULT-VALUE}")
    private LogFormat logFormat;

    enum LogFormat {
        TEXT,
        JSON
    }

    @Override
    public Integer call() throws InterruptedException {
        System.setProperty(LOG_FORMAT, logFormat.name().toLowerCase(Locale.ROOT));
        var read = config.read(err());
        var stop = new CountDownLatch(1);
        var stopped = new CountDownLatch(1);
        try (var serving = new Serving(read, InstantSource.system(), this::progress)) {
            Runtime.getRuntime()
                    .addShutdownHook(Thread.ofPlatform().unstarted(() -> end(stop, stopped)));
            out().println("airlock serves " + read.baseUrl() + " on port " + serving.port());
            out().flush();
            stop.await();
        } finally {
            stopped.countDown();
        }
        return ExitCode.OK;
    }

    /// Keeps the JVM alive until everything is closed.
    private static void end(CountDownLatch stop, CountDownLatch stopped) {
        stop.countDown();
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
