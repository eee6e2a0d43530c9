package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.VmEnd;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Each line that workers write about a request or run carries its id.
final class LogIdsTest extends OnForge {

    private final Kept kept = new Kept();
    private final List<Logger> loggers =
            List.of(logger("airlock.run"), logger("airlock.phases"), logger("airlock.statuses"));

    private static final class Kept extends AppenderBase<ILoggingEvent> {
        private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            event.prepareForDeferredProcessing();
            lines.add(event);
        }
    }

    private static Logger logger(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }

    @BeforeEach
    void listen() {
        kept.start();
        for (var logger : loggers) {
            logger.setLevel(Level.DEBUG);
            logger.setAdditive(false);
            logger.addAppender(kept);
        }
    }

    @AfterEach
    void stop() {
        for (var logger : loggers) {
            logger.detachAppender(kept);
            logger.setAdditive(true);
            logger.setLevel(null);
        }
    }

    @Test
    void eachLineOfAWorkerCarriesItsRequestAndRun() throws Exception {
        try (var bot = Bot.start(directory, forge, host)) {
            host.nextEnds(new VmEnd.HostFailed("no room"))
                    .nextEnds(new VmEnd.HostFailed("no room"));
            String plan = "plan: [{action: shell, shell: echo hello}]\n";
            awaitStates(push(bot, plan), "airlock", "pending", "error");
            String run = bot.runs().getFirst();
            assertThat(kept.lines).extracting(ILoggingEvent::getFormattedMessage).contains("broke");
            assertThat(kept.lines)
                    .filteredOn(line -> line.getLoggerName().equals("airlock.run.RunWorker"))
                    .isNotEmpty()
                    .allSatisfy(
                            line ->
                                    assertThat(line.getMDCPropertyMap())
                                            .containsEntry("run", run)
                                            .containsKey("request"));
            assertThat(kept.lines)
                    .filteredOn(line -> line.getLoggerName().startsWith("airlock.statuses"))
                    .allSatisfy(
                            line ->
                                    assertThat(line.getKeyValuePairs())
                                            .anyMatch(pair -> pair.key.equals("request")));
        }
    }
}
