package airlock.shell;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.shell.ImageShell.TypedLines;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TypedLinesTest {
    private static List<String> typed(String keys) {
        var lines = new TypedLines();
        // a key at a time, as a terminal may send them
        for (byte key : keys.getBytes(StandardCharsets.UTF_8)) {
            lines.add(new byte[] {key});
        }
        return lines.all();
    }

    @ParameterizedTest
    @CsvSource({
        "'ls -l\r', ls -l",
        "'lx\u007fs\r', ls",
        "'ä\u007fb\r', b",
        "'echo one two\u0017three\r', echo one three",
        "'wrong\u0015right\r', right",
        "'never\u0003done\r', done",
        "'cat /et\tpas\t\r', cat /et⇥pas⇥",
        "'\u001b[A\r', ↑",
        "'a\u001b[1;5Db\u001bOB\r', ab↓",
        "'\u007f\u0017x\r', x"
    })
    void linesAreWhatTheKeysSay(String keys, String line) {
        assertThat(typed(keys)).containsExactly(line);
    }

    @Test
    void emptyAndUnfinishedLinesAreLeftOutAndThereIsAnEndToThem() {
        assertThat(typed("a\n\n  \r\nb\nunfinished")).containsExactly("a", "b");
        var lines = new TypedLines();
        lines.add("x".repeat(100_000).getBytes(StandardCharsets.UTF_8));
        lines.add("\ny\n".repeat(5000).getBytes(StandardCharsets.UTF_8));
        assertThat(lines.all()).hasSize(1000);
        assertThat(lines.all().getFirst()).hasSize(4096);
    }

    @Test
    void anyBytesAreTaken() {
        var random = new Random(43);
        var lines = new TypedLines();
        byte[] keys = new byte[1 << 20];
        random.nextBytes(keys);
        lines.add(keys);

        assertThat(lines.all()).hasSizeBetween(1, 1000);
    }
}
