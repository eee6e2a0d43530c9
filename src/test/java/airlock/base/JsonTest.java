package airlock.base;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;

class JsonTest {
    record Pair(String name, int number) {}

    @Test
    void whatIsDeeperOrLongerThanTheBoundsIsNotRead() {
        for (String hostile :
                List.of(
                        "[".repeat(101) + "]".repeat(101),
                        "1".repeat(41),
                        "{\"" + "x".repeat(10_001) + "\": 1}",
                        "\"" + "x".repeat((8 << 20) + 1) + "\"",
                        "{} {}",
                        "<html>")) {
            assertThatThrownBy(() -> Json.read(hostile.getBytes(UTF_8)))
                    .isInstanceOf(JacksonException.class);
            assertThat(Json.readOrMissing(hostile.getBytes(UTF_8)).isMissingNode()).isTrue();
        }
        assertThat(Json.read(("[".repeat(100) + "]".repeat(100)).getBytes(UTF_8))).hasSize(1);
    }

    @Test
    void aTextIsReadAndNothingElseTakenForOne() {
        var node = Json.read("{\"a\": \"ä\", \"b\": 1, \"c\": null}".getBytes(UTF_8));

        assertThat(Json.text(node, "a")).isEqualTo("ä");
        assertThat(List.of("b", "c", "d")).allMatch(name -> Json.text(node, name).isEmpty());
        assertThat(Json.text(node, "d", "none")).isEqualTo("none");
    }

    @Test
    void aStrictReaderWantsEachMemberAndNoOther() {
        assertThat(Json.STRICT.readValue("{\"name\": \"a\", \"number\": 1}", Pair.class))
                .isEqualTo(new Pair("a", 1));
        for (String other :
                List.of(
                        "{\"name\": \"a\"}",
                        "{\"name\": null, \"number\": 1}",
                        "{\"name\": \"a\", \"number\": null}",
                        "{\"name\": \"a\", \"number\": 1, \"more\": 1}")) {
            assertThatThrownBy(() -> Json.STRICT.readValue(other, Pair.class))
                    .as(other)
                    .isInstanceOf(JacksonException.class);
        }
    }

    @Test
    void writesOneLineOfUtf8OrOfAsciiAlone() {
        assertThat(new String(Json.bytes(new Pair("ä", 1)), UTF_8))
                .isEqualTo("{\"name\":\"ä\",\"number\":1}");
        assertThat(Json.ASCII.writeValueAsString(Map.of("name", "ä\u001b")))
                .isEqualTo("{\"name\":\"\\u00E4\\u001B\"}");
    }
}
