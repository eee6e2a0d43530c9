package airlock.house;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// Keeps what a class logs, from any thread, until it is closed.
public final class LogLines extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Logger logger;
    private final List<String> lines = new CopyOnWriteArrayList<>();

    private LogLines(Class<?> of) {
        logger = (Logger) LoggerFactory.getLogger(of);
    }

    /// Keeps those of a class from now on.
    public static LogLines of(Class<?> logging) {
        var lines = new LogLines(logging);
        lines.start();
        lines.logger.addAppender(lines);
        return lines;
    }

    /// Those so far.
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    protected void append(ILoggingEvent event) {
        lines.add(event.getFormattedMessage());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
    }
}
