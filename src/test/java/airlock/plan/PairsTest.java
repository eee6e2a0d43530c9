package airlock.plan;

import static airlock.yaml.ReadingFixture.only;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class PairsTest {
    @Test
    void twoActionsThatFetchTheSameNameAreAWarning() {
        assertThat(
                        only(
                                warnings(
                                        """
                                pre_plan:
                                  - {action: http_get, items: [{url: "https://a.example/x", filename: x}]}
                                  - {action: http_get, items: [{url: "https://b.example/x", filename: x}]}
                                """)))
                .contains("pre_plan: two actions fetch 'x'");
    }

    @Test
    void debGoesWithDputAndDeb2WithDput2() {
        assertThat(warnings(deb("deb", "dput"))).isEmpty();
        assertThat(warnings(deb("deb2", "dput2"))).isEmpty();
        assertThat(only(warnings(deb("deb", "dput2")))).contains("refuses deb");
        assertThat(only(warnings(deb("deb2", "dput")))).contains("with dput:");
    }

    @Test
    void theOldNameOfCiIsAWarningAtItsAction() {
        assertThat(only(warnings("plan:\n  - action: shell\n    shell: ls /workspace/src\n")))
                .contains("plan[0]: /workspace is what /ci was called");
    }

    private static String deb(String build, String send) {
        return "plan: [{action: %s}]\npost_plan: [{action: %s}]\n".formatted(build, send);
    }

    private static List<String> warnings(String text) {
        return PlanFixture.warnings(PlanFile.AIRLOCK, text);
    }
}
