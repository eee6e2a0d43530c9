package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PairsTest {
    @Test
    void twoActionsThatFetchTheSameNameAreAWarning() {
        assertThat(
                        warnings(
                                """
                                pre_plan:
                                  - {action: http_get, items: [{url: "https://a.example/x", filename: x}]}
                                  - {action: http_get, items: [{url: "https://b.example/x", filename: x}]}
                                """))
                .singleElement()
                .asString()
                .contains("pre_plan: two actions fetch 'x'");
    }

    @Test
    void debGoesWithDputAndDeb2WithDput2() {
        assertThat(warnings(deb("deb", "dput"))).isEmpty();
        assertThat(warnings(deb("deb2", "dput2"))).isEmpty();
        assertThat(warnings(deb("deb", "dput2")))
                .singleElement()
                .asString()
                .contains("refuses deb");
        assertThat(warnings(deb("deb2", "dput"))).singleElement().asString().contains("with dput:");
    }

    @Test
    void theOldNameOfCiIsAWarningAtItsAction() {
        assertThat(warnings("plan:\n  - action: shell\n    shell: ls /workspace/src\n"))
                .singleElement()
                .asString()
                .contains("plan[0]: /workspace is what /ci was called");
    }

    private static String deb(String build, String send) {
        return "plan: [{action: %s}]\npost_plan: [{action: %s}]\n".formatted(build, send);
    }

    private static List<String> warnings(String text) {
        return switch (new PlanReader()
                .read(PlanFile.AIRLOCK, text.getBytes(StandardCharsets.UTF_8))) {
            case PlanReading.Read read -> read.warnings().stream().map(Object::toString).toList();
            case PlanReading.Invalid invalid -> throw new AssertionError(invalid.report());
            case PlanReading.Absent absent -> throw new AssertionError(absent);
        };
    }
}
