package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `actions.yaml` is read strictly: a slip in it fails when the class is loaded, and so in a build.
class ActionDescriptorTest {
    private static final String WHOLE = "- {name: x, about: Y., title: a, run: [[ls]]}";

    @Test
    void aWholeDescriptionIsAnAction() {
        assertThat(Actions.read(WHOLE)).extracting(ActionKind::name).containsExactly("x");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    title: a        | titel: a                      | titel
                    name: x,        | ''                            | name
                    about: Y.,      | ''                            | about
                    'run: [[ls]]' | ''                            | needs either `apart` or `run`
                    'run: [[ls]]' | 'run: [["{field}"]]'          | there is no field
                    'run: [[ls]]' | 'run: [["{mirrors.x}"]]'      | there is no mirrors.x
                    'run: [[ls]]' | 'run: [["{@missing.sh}"]]'    | there is no file missing.sh
                    'run: [[ls]]' | 'run: [[{if: a, words: []}]]' | there is no a
                    'run: [[ls]]' | 'run: [[{words: []}]]'        | needs `words`, and `if` or `unless`
                    'run: [[ls]]' | 'apart: [a]'                  | there is no file x.sh
                    title: a        | needs: mirrors.x              | there is no mirrors.x
                    title: a        | runs_commit: perhaps          | runs_commit
                    title: a        | ambient: [later]              | later
                    title: a        | 'fields: [{name: a, meaning: b, type: shape}]' | needs `form`
                    """)
    void aSlipIsNamed(String part, String instead, String complaint) {
        String text = WHOLE.replace(part, instead);

        assertThat(text).isNotEqualTo(WHOLE);
        assertThatThrownBy(() -> Actions.read(text))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(complaint);
    }
}
