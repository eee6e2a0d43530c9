package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.yaml.Node.Mapping;
import airlock.yaml.Node.Scalar;
import airlock.yaml.Node.ScalarType;
import airlock.yaml.Node.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlReaderTest {
    private final Problems problems = new Problems("f.yaml");

    private Optional<Node> read(String text) {
        return read(text.getBytes(StandardCharsets.UTF_8));
    }

    private Optional<Node> read(byte[] bytes) {
        return new YamlReader(new YamlLimits(2_000, 100, 1_000, 6, 10)).read(bytes, problems.top());
    }

    private String problem() {
        assertThat(problems.listErrors()).hasSize(1);
        return problems.listErrors().getFirst().toString();
    }

    @Test
    void nodesKnowWhereTheyStand() {
        Node root = read("a: 1\nb:\n  - x\n  - {c: 'd'}\n").orElseThrow();
        var b = (Sequence) ((Mapping) root).find("b").orElseThrow().value();
        var inner = (Mapping) b.items().get(1);
        assertThat(inner.at()).isEqualTo(new Position(4, 5));
        assertThat(inner.entries().getFirst().at()).isEqualTo(new Position(4, 6));
        assertThat(inner.entries().getFirst().value())
                .isEqualTo(new Scalar(new Position(4, 9), ScalarType.TEXT, "d"));
    }

    @ParameterizedTest
    @CsvSource({
        "no,TEXT", "off,TEXT", "2024-01-01,TEXT", "1_000,TEXT", "0o17,INTEGER", "0x1F,INTEGER",
        "017,INTEGER", "-3,INTEGER", "1.5,DECIMAL", "1e3,DECIMAL", ".inf,DECIMAL", ".NaN,DECIMAL",
        "True,FLAG", "false,FLAG", "~,NOTHING", "null,NOTHING", "\"'5'\",TEXT", "'!!str 5',TEXT",
        "!!int 5,INTEGER", "'! 5',TEXT", "<<,TEXT", "0b1,TEXT", "1:30,TEXT"
    })
    void plainScalarsHaveTheTypeOfTheCoreSchema(String text, ScalarType type) {
        Node root = read("k: " + text).orElseThrow();
        var value = (Scalar) ((Mapping) root).find("k").orElseThrow().value();
        assertThat(value.type()).isEqualTo(type);
    }

    @Test
    void aFileWithoutADocumentIsTheEmptyValue() {
        assertThat(read("").orElseThrow().isNothing()).isTrue();
        assertThat(read("# only a comment\n").orElseThrow().isNothing()).isTrue();
        assertThat(read("---\n...\n").orElseThrow().isNothing()).isTrue();
        assertThat(problems.errors()).isZero();
    }

    @Test
    void anAliasIsWhatItsAnchorNamed() {
        var root = (Mapping) read("a: &x [1, 2]\nb: *x\n").orElseThrow();
        assertThat(root.find("b").orElseThrow().value())
                .isSameAs(root.find("a").orElseThrow().value());
    }

    @Test
    void aKeyThatIsThereTwiceIsReportedAndTheFirstStands() {
        var root = (Mapping) read("a: 1\nb:\n  c: 2\n  c: 3\n").orElseThrow();
        assertThat(problem()).isEqualTo("f.yaml:4:3: b.c: duplicate key");
        assertThat(((Mapping) root.find("b").orElseThrow().value()).entries()).hasSize(1);
    }

    @Test
    void aSecondDocumentIsRefused() {
        assertThat(read("a: 1\n---\nb: 2\n")).isEmpty();
        assertThat(problem()).isEqualTo("f.yaml:2:1: a second document; expected only one");
    }

    @Test
    void brokenSyntaxIsReportedWhereItBreaks() {
        assertThat(read("a: 1\nb: [1, 2\nc: 3\n")).isEmpty();
        assertThat(problem()).startsWith("f.yaml:3:2: not valid YAML: while parsing a flow seq");
    }

    @Test
    void tabsAsIndentationAreReportedAsSuch() {
        assertThat(read("a:\n\tb: 1\n")).isEmpty();
        assertThat(problem()).startsWith("f.yaml:2:1: not valid YAML").contains("TAB");
    }

    @Test
    void bytesThatAreNotUtf8AreReportedWhereTheyAre() {
        assertThat(read(new byte[] {'a', ':', '\n', ' ', (byte) 0xff})).isEmpty();
        assertThat(problem())
                .isEqualTo("f.yaml:2:2: byte 0xFF is not UTF-8; expected a file in UTF-8");
    }

    @Test
    void aTruncatedUtf8SequenceIsReportedToo() {
        assertThat(read(new byte[] {'a', (byte) 0xc3})).isEmpty();
        assertThat(problem()).startsWith("f.yaml:1:2: byte 0xC3 is not UTF-8");
    }

    @Test
    void controlCharactersAreReportedByTheirNumber() {
        assertThat(read("a: b\nc: \u0007\n")).isEmpty();
        assertThat(problem()).isEqualTo("f.yaml:2:4: character U+0007 is not allowed in YAML");
    }

    @Test
    void aByteOrderMarkIsNoContent() {
        assertThat(((Mapping) read("\uFEFFa: 1\n").orElseThrow()).find("a")).isPresent();
    }

    @ParameterizedTest
    @CsvSource({
        "!!python/object:os.system x",
        "!mine 5",
        "!!int abc",
        "!!bool 5",
        "!!binary aGk=",
        "!!map 5"
    })
    void foreignAndWrongTagsAreRefused(String text) {
        assertThat(read("k: " + text)).isEmpty();
        assertThat(problem()).startsWith("f.yaml:1:4: k: tag ").endsWith(" does not fit here");
    }

    @Test
    void aKeyThatIsNoScalarIsRefused() {
        assertThat(read("? [a, b]\n: 1\n")).isEmpty();
        assertThat(problem()).isEqualTo("f.yaml:1:3: a key that is a list");
    }

    @Test
    void whatIsTooLargeIsRefusedBeforeItIsRead() {
        assertThat(read("#".repeat(2_001))).isEmpty();
        assertThat(problem()).isEqualTo("f.yaml:1:1: 2,001 bytes; at most 2,000 are read");
    }

    @Test
    void tooManyValuesAreRefused() {
        assertThat(read("[" + "1,".repeat(100) + "]")).isEmpty();
        assertThat(problem()).contains("more than 100 values and keys");
    }

    @Test
    void tooDeepNestingIsRefused() {
        assertThat(read("[[[[[1]]]]]")).isPresent();
        assertThat(read("[[[[[[1]]]]]]")).isEmpty();
        assertThat(problem()).contains("[0][0][0][0][0][0]: nested more than 6 levels deep");
    }

    @Test
    void depthCountsThroughAliases() {
        assertThat(read("a: &a [[[1]]]\nb: [*a]\n")).isPresent();
        assertThat(read("a: &a [[[1]]]\nb: [[*a]]\n")).isEmpty();
        assertThat(problem()).startsWith("f.yaml:2:6: b[0][0]: nested more than 6");
    }

    @Test
    void aliasesAreCounted() {
        assertThat(read("a: &a 1\nb: [" + "*a,".repeat(11) + "]\n")).isEmpty();
        assertThat(problem()).contains("more than 10 aliases");
    }

    @Test
    void theBillionLaughsAreNotLaughed() {
        String laughs =
                """
                a: &a [lol, lol, lol, lol]
                b: &b [*a, *a, *a, *a]
                c: &c [*b, *b, *b, *b]
                d: [*c, *c]
                """;
        assertThat(read(laughs)).isEmpty();
        assertThat(problem()).startsWith("f.yaml:3:").contains("more than 100 values and keys");
    }

    @Test
    void charactersCountThroughAliasesToo() {
        assertThat(read("a: &a " + "x".repeat(400) + "\nb: [*a, *a]\n")).isEmpty();
        assertThat(problem()).startsWith("f.yaml:2:9: b[1]: more than 1,000 characters");
    }

    @Test
    void anAliasInsideItsOwnAnchorIsRefused() {
        assertThat(read("a: &a [1, *a]\n")).isEmpty();
        assertThat(problem()).isEqualTo("f.yaml:1:11: a[1]: alias *a contains itself");
    }

    @Test
    void anAliasWithoutAnchorIsRefused() {
        assertThat(read("a: *b\n")).isEmpty();
        assertThat(problem()).isEqualTo("f.yaml:1:4: a: no anchor &b before this alias");
    }

    @Test
    void keysMayBeOfAnyScalarTypeAndAreTakenAsWritten() {
        var root = (Mapping) read("1: a\ntrue: b\n'': c\n").orElseThrow();
        assertThat(root.entries().stream().map(Node.Entry::key).toList())
                .isEqualTo(List.of("1", "true", ""));
    }
}
