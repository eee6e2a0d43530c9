package airlock.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {
    private static final List<String> KNOWN =
            List.of("shell", "mkdir", "setenv", "pwd", "hook_secret", "pre_plan", "post_plan");

    @ParameterizedTest
    @CsvSource({
        "shel,shell",
        "hsell,shell",
        "Shell,shell",
        "mkdr,mkdir",
        "set_env,setenv",
        "pdw,pwd",
        "hook-secret,hook_secret",
        "hooksecrets,hook_secret",
        "preplan,pre_plan"
    })
    void aTypingErrorFindsItsWord(String wrong, String word) {
        assertThat(Nearest.of(wrong, KNOWN)).contains(word);
    }

    @ParameterizedTest
    @CsvSource({"cargo_fmt", "x", "pppp", "shellshocked"})
    void anotherWordFindsNone(String wrong) {
        assertThat(Nearest.of(wrong, KNOWN)).isEmpty();
    }

    @Test
    void emptyAndHugeWordsFindNone() {
        assertThat(Nearest.of("", KNOWN)).isEmpty();
        assertThat(Nearest.of("shell".repeat(1_000), KNOWN)).isEmpty();
    }
}
