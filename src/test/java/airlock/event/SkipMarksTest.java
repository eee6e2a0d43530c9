package airlock.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SkipMarksTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mend a comma [skip ci]",
                "[ci skip] Mend",
                "Mend\n\n[no ci]\n",
                "[skip actions]",
                "[actions skip]",
                "Docs [Skip CI]",
                "Mend\n\n\nskip-checks: true\n",
                "Mend\n\nSigned-off-by: A\nskip-checks:true"
            })
    void theseAskToSkip(String message) {
        assertThat(SkipMarks.in(message)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Mend a comma",
                "skip ci",
                "[skip-ci]",
                "(skip ci)",
                "skip-checks: true",
                "Mend\n\nskip-checks: true\n\nand more",
                "Mend\n\nskip-checks: false"
            })
    void theseDoNot(String message) {
        assertThat(SkipMarks.in(message)).isFalse();
    }
}
