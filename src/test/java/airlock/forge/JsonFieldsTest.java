package airlock.forge;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import airlock.forge.JsonFields.MalformedBodyException;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFieldsTest {
    private static final Set<String> WANTED =
            Set.of("id", "name", "flag", "in.id", "in.name", "in.deeper.id", "whole");

    @Test
    void wantedFieldsArePickedOutOfWhatSurroundsThem() {
        JsonFields fields =
                read(
                        """
                        {"other": {"id": 1, "list": [{"id": 2}]}, "id": 3, "name": "a",
                         "in": {"x": [[{}]], "id": 4, "deeper": {"id": 5}, "name": null},
                         "flag": true, "whole": {"id": 6}}
                        """);

        assertThat(fields.id("id")).isEqualTo(3);
        assertThat(fields.id("in.id")).isEqualTo(4);
        assertThat(fields.id("in.deeper.id")).isEqualTo(5);
        assertThat(fields.text("name")).isEqualTo("a");
        assertThat(fields.textOrEmpty("in.name")).isEmpty();
        assertThat(fields.flag("flag")).isTrue();
        assertThat(fields.has("whole")).isTrue();
        assertThat(fields.has("in.name")).isFalse();
        assertThat(fields.has("other.id")).isFalse();
    }

    @Test
    void aPathThatIsNoObjectHoldsNothing() {
        for (String in : new String[] {"null", "[]", "1", "\"text\"", "[{\"id\": 1}]"}) {
            assertThat(read("{\"in\": " + in + "}").has("in.id")).as(in).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "1",
                "[]",
                "\"text\"",
                "{",
                "{}{}",
                "{} x",
                "{\"id\": 1,}",
                "{\"id\": 01}",
                "{'id': 1}",
                "{\"id\": NaN}",
                "{\"id\": 1, \"id\": 1}",
                "{\"in\": {\"id\": 1}, \"in\": {\"id\": 2}}",
                "{\"in\": {}, \"in\": null}",
                "{\"in\": 1, \"in\": {\"id\": 2}}",
                "{\"name\": \"tab\there\"}",
                "{\"name\": \"\\x\"}",
                "{\"id\": 99999999999999999999999999999999999999999}",
                "// comment\n{}"
            })
    void whatIsNoObjectOrSaysAFieldTwiceIsMalformed(String json) {
        assertThatExceptionOfType(MalformedBodyException.class).isThrownBy(() -> read(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "-0",
                "1.0",
                "1e3",
                "\"1\"",
                "true",
                "null",
                "{}",
                "[1]",
                "1234567890123456789"
            })
    void whatIsNoIdIsMalformed(String value) {
        JsonFields fields = read("{\"id\": " + value + "}");

        assertThatExceptionOfType(MalformedBodyException.class)
                .isThrownBy(() -> fields.id("id"))
                .withMessageContaining("'id'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "true", "{}", "[\"a\"]", "\"\\ud800\"", "\"\\udc00\\ud800\""})
    void whatIsNoTextIsMalformed(String value) {
        JsonFields fields = read("{\"name\": " + value + "}");

        assertThatExceptionOfType(MalformedBodyException.class)
                .isThrownBy(() -> fields.text("name"));
        assertThatExceptionOfType(MalformedBodyException.class)
                .isThrownBy(() -> fields.textOrEmpty("name"));
    }

    @Test
    void bytesThatAreNoUtf8AreMalformedWhereTheyMatter() {
        byte[] json = "{\"name\": \"a?b\"}".getBytes(UTF_8);
        json[11] = (byte) 0xff;

        assertThatExceptionOfType(MalformedBodyException.class)
                .isThrownBy(() -> JsonFields.read(json, WANTED));
    }

    /// JSON between programs is UTF-8 (RFC 8259 §8.1); that other encodings are read too does no
    /// harm, since the signature is over the bytes.
    @Test
    void anotherEncodingIsReadOrRefusedButNoFault() {
        byte[] json = "{\"name\": \"a\"}".getBytes(UTF_16LE);

        assertThat(JsonFields.read(json, WANTED).text("name")).isEqualTo("a");
    }

    @Test
    void depthIsBounded() {
        String deep = "{\"x\":" + "[".repeat(98) + "]".repeat(98) + "}";
        String tooDeep = "{\"x\":" + "[".repeat(100) + "]".repeat(100) + "}";

        assertThat(read(deep).has("x")).isFalse();
        assertThatExceptionOfType(MalformedBodyException.class).isThrownBy(() -> read(tooDeep));
    }

    private static JsonFields read(String json) {
        return JsonFields.read(json.getBytes(UTF_8), WANTED);
    }
}
