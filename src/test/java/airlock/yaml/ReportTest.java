package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ReportTest {
    @Test
    void aProblemShowsItsLineWithACaretBelowItsPlace() {
        assertThat(report("a: 1\nplan:\n  - shel: x\r\nz: 2\n", 3, 5))
                .isEqualTo(
                        """
                        f.yaml:3:5: is wrong
                          3 |   - shel: x
                            |     ^
                        """);
    }

    @Test
    void columnsAreCharactersAndNotUnits() {
        assertThat(report("\uD83D\uDE00\uD83D\uDE00: 1", 1, 3))
                .endsWith("  1 | \uD83D\uDE00\uD83D\uDE00: 1\n    |   ^\n");
    }

    @Test
    void ofALongLineThePartAroundThePlaceIsShown() {
        String shown = report("x".repeat(100_000) + "HERE" + "y".repeat(100_000), 1, 100_001);

        assertThat(shown).hasSizeLessThan(400);
        var lines = shown.lines().toList();
        assertThat(lines.get(1).charAt(lines.get(2).indexOf('^'))).isEqualTo('H');
        assertThat(lines.get(1)).startsWith("  1 | …xxx").endsWith("yyy…");
    }

    @Test
    void whatATerminalWouldObeyIsNotShownAsItIs() {
        assertThat(report("a\t\u001b[31m\u202e: 1", 1, 1)).contains("  1 | a �[31m�: 1\n");
    }

    @Test
    void aPlaceThatIsNotInTheFileShowsNoLine() {
        assertThat(report("", 1, 1)).isEqualTo("f.yaml:1:1: is wrong\n");
        assertThat(report("a: 1\n", 9, 1)).isEqualTo("f.yaml:9:1: is wrong\n");
        assertThat(report("a: 1\n", 1, 70)).endsWith("  1 | a: 1\n    |     ^\n");
    }

    private static String report(String text, int line, int column) {
        var problems = new Problems("f.yaml");
        problems.top().at(new Position(line, column)).error("is wrong");
        return new Report(text.getBytes(StandardCharsets.UTF_8)).of(problems.listErrors());
    }
}
