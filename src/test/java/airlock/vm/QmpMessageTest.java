package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.QemuMonitor.QmpMessage;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QmpMessageTest {
    private static final String EVENT =
            """
            {"timestamp": {"seconds": 1795528679, "microseconds": 1}, "event": "SHUTDOWN", \
            "data": {"guest": true, "reason": "guest-reset", "inner": {"a": 1}}}""";

    private static QmpMessage parse(String line) {
        return QmpMessage.parse(line.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void eachKindOfLineIsUnderstood() {
        assertThat(parse("{\"QMP\": {\"version\": {}, \"capabilities\": [\"oob\"]}}"))
                .isEqualTo(new QmpMessage.Greeting());
        assertThat(parse("{\"return\": {\"status\": \"running\", \"running\": true}, \"id\": 7}"))
                .isEqualTo(
                        new QmpMessage.Returned(7, Map.of("status", "running", "running", "true")));
        assertThat(parse("{\"id\": 8, \"error\": {\"class\": \"X\", \"desc\": \"no such\"}}"))
                .isEqualTo(new QmpMessage.Refused(8, "no such"));
        assertThat(parse("{\"error\": {\"class\": \"X\"}}"))
                .isEqualTo(new QmpMessage.Refused(-1, "no reason given"));
        assertThat(parse(EVENT))
                .isEqualTo(
                        new QmpMessage.Event(
                                "SHUTDOWN", Map.of("guest", "true", "reason", "guest-reset")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "7",
                "{",
                "{}",
                "{\"event\": 7}",
                "{\"QMP\": null}",
                "{\"error\": \"text\"}",
                "{\"return\": 1e99999999999999999999999999999999999999999999999}",
                "\u0000\u0001"
            })
    void whatIsNoQmpIsMalformed(String line) {
        assertThat(parse(line)).isInstanceOf(QmpMessage.Malformed.class);
    }

    @Test
    void depthAndLengthAreBounded() {
        assertThat(parse("{\"return\":" + "[".repeat(5000) + "]".repeat(5000) + "}"))
                .isInstanceOf(QmpMessage.Malformed.class);
        assertThat(parse("{\"return\":\"" + "x".repeat(QmpMessage.MOST_BYTES) + "\"}"))
                .isInstanceOf(QmpMessage.Malformed.class);
    }

    @Test
    void noBytesMakeItThrow() {
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(20261124);
        for (int i = 0; i < 20_000; i++) {
            byte[] line = EVENT.getBytes(StandardCharsets.UTF_8);
            for (int flips = random.nextInt(1, 6); flips > 0; flips--) {
                line[random.nextInt(line.length)] = (byte) random.nextInt(256);
            }
            assertThat(QmpMessage.parse(line)).isNotNull();
        }
    }
}
