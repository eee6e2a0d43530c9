package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.ForgeKind;
import org.junit.jupiter.api.Test;

class StatusLimitsTest {
    @Test
    void whatFitsStaysAsItIs() {
        assertThat(StatusLimits.description(Forge.of(ForgeKind.GITHUB), "x".repeat(140)))
                .hasSize(140);
        assertThat(StatusLimits.context("airlock/main")).isEqualTo("airlock/main");
        assertThat(StatusLimits.targetUrl("http://ci/x")).isEqualTo("http://ci/x");
    }

    @Test
    void aDescriptionIsOneLine() {
        assertThat(StatusLimits.description(Forge.of(ForgeKind.GITEA), "broken\u202e\n at 3"))
                .isEqualTo("broken�  at 3");
    }

    @Test
    void twoLongContextsStayTwo() {
        String start = "airlock/main/pr/" + "x".repeat(300);

        assertThat(StatusLimits.context(start + "a"))
                .hasSize(255)
                .isNotEqualTo(StatusLimits.context(start + "b"))
                .isEqualTo(StatusLimits.context(start + "a"));
    }
}
