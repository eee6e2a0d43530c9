package airlock.cli;

import airlock.base.Json;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.event.KeyValuePair;

/// Encodes the log as one JSON object a line (docs/logs.md): `time`, `level`, `logger`, `thread`,
/// `message`, the line's ids and other key-value pairs as fields of their own, and `error`. The
/// text is ASCII, so that terminals can show it.
///
/// Logback's own encoder puts key-value pairs into a list of objects, which tools can't filter by.
public final class JsonLines extends EncoderBase<ILoggingEvent> {
    private static final int LONGEST_ERROR = 16 << 10;

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, String> line = new LinkedHashMap<>();
        line.put("time", event.getInstant().toString());
        line.put("level", event.getLevel().toString());
        line.put("logger", event.getLoggerName());
        line.put("thread", event.getThreadName());
        line.put("message", String.valueOf(event.getFormattedMessage()));
        event.getMDCPropertyMap().forEach(line::putIfAbsent);
        for (var fact :
                Objects.requireNonNullElse(event.getKeyValuePairs(), List.<KeyValuePair>of())) {
            line.putIfAbsent(fact.key, String.valueOf(fact.value));
        }
        if (event.getThrowableProxy() != null) {
            String error = ThrowableProxyUtil.asString(event.getThrowableProxy());
            line.put("error", error.substring(0, Math.min(error.length(), LONGEST_ERROR)));
        }
        return (Json.ASCII.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
