package airlock.forge;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.ForgeKind;
import org.junit.jupiter.api.Test;

class StatusTextTest {
    @Test
    void whatFitsStaysAsItIs() {
        assertThat(StatusText.description(Forge.of(ForgeKind.GITHUB), "x".repeat(140)))
                .hasSize(140);
        assertThat(StatusText.context("airlock/main")).isEqualTo("airlock/main");
        assertThat(StatusText.targetUrl("http://ci/x")).isEqualTo("http://ci/x");
    }

    @Test
    void aDescriptionIsOneLine() {
        assertThat(StatusText.description(Forge.of(ForgeKind.GITEA), "broken\u202e\n at 3"))
                .isEqualTo("broken�  at 3");
    }

    @Test
    void twoLongContextsStayTwo() {
        String start = "airlock/main/pr/" + "x".repeat(300);

        assertThat(StatusText.context(start + "a"))
                .hasSize(255)
                .isNotEqualTo(StatusText.context(start + "b"))
                .isEqualTo(StatusText.context(start + "a"));
    }
}
