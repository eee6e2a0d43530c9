package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Airlock's own plan file; app.OwnPlanInVmTest runs it.
class OwnPlanTest {
    private static final Pattern ARTIFACT = Pattern.compile("- [a-z.]+:[a-z0-9_-]+:([0-9.]+)");

    @Test
    void itIsAPlanAndFetchesTheVersionsThatThePomHas() throws Exception {
        String text = Files.readString(Path.of(".airlock.yaml"));
        String pom = Files.readString(Path.of("pom.xml"));

        var plan = PlanFixture.plan(PlanFile.AIRLOCK, text);

        assertThat(plan.actionsOf(Phase.PRE_PLAN)).hasSize(1);
        assertThat(ARTIFACT.matcher(text).results().map(result -> result.group(1)))
                .hasSize(4)
                .allSatisfy(version -> assertThat(pom).contains(">" + version + "<"));
    }
}
