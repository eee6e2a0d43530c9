package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.GuestStep;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissingProgramTest {
    private static final String ABSENT = ": No such file or directory";

    private static Optional<String> words(String program, String detail) {
        return MissingProgram.words(
                new GuestStep.Execute(List.of(program, "-c"), Map.of(), "/", ""), detail);
    }

    @Test
    void whatTheImageLacksIsNamedWithWhatGoesWithoutIt() {
        for (String bash : List.of("bash", "/bin/bash")) {
            assertThat(words(bash, "cannot start " + bash + ABSENT))
                    .hasValueSatisfying(
                            text -> assertThat(text).contains("needs /bin/bash", "`with: sh`"));
        }
        assertThat(words("tar", "cannot start tar" + ABSENT))
                .contains("it needs tar, which the image has not");
        assertThat(words("/ci/src/.ambient/told", "cannot start /ci/src/.ambient/told" + ABSENT))
                .hasValueSatisfying(text -> assertThat(text).contains("what its first line names"));
    }

    @Test
    void otherReasonsStayAsTheyAre() {
        assertThat(words("bash", "cannot enter directory /ci/src" + ABSENT)).isEmpty();
        assertThat(words("bash", "cannot start bash: Permission denied")).isEmpty();
        assertThat(words("bash", "cannot start sh" + ABSENT)).isEmpty();
        assertThat(MissingProgram.words(new GuestStep.Link("a", "b"), "cannot start a" + ABSENT))
                .isEmpty();
    }
}
