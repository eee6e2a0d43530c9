package airlock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.control.Reply;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class VmCommandTest {
    private static final String RUN = "k3q5x7m2vb4hj6tnd2fa";

    @RegisterExtension final CannedServer server = new CannedServer();

    private static Reply vm(String phase, String beginning, long drives, long work) {
        Map<String, Long> parts = new LinkedHashMap<>();
        parts.put("drives", drives);
        parts.put("work", work);
        parts.put("gate", 5000L);
        return new Reply.VmTime(RUN, phase, beginning, parts);
    }

    private String said(List<Reply> replies, String... words) {
        server.answer(replies.toArray(Reply[]::new));
        assertThat(server.run(words)).isEqualTo(ExitCode.OK);
        return server.out().replaceAll(" +\n", "\n");
    }

    @Test
    void partsAreShownByWhatTheVmsBeganAsWithMedianAndSpread() {
        var replies =
                List.of(
                        vm("plan", "ready", 1000, 90_000),
                        vm("plan", "ready", 3000, 80_000),
                        vm("plan", "ready", 2000, 100_000),
                        vm("pre_plan", "clone", 9000, 400_000));

        assertThat(said(replies, "vm", "time"))
                .isEqualTo(
                        """
                                    ready, 3                        clone, 1
                        drives      2.0 (1.0 to 3.0)                9.0 (9.0 to 9.0)
                        work        90.0 (80.0 to 100.0)            400.0 (400.0 to 400.0)
                        gate        5.0 (5.0 to 5.0)                5.0 (5.0 to 5.0)
                        all         91.0 (83.0 to 102.0)            409.0 (409.0 to 409.0)
                        milliseconds: median (least to most)
                        """);
    }

    @Test
    void ofOneRunEachPhaseHasItsColumn() {
        var replies = List.of(vm("plan", "ready", 1, 2), vm("pre_plan", "boot", 3, 4));

        assertThat(said(replies, "vm", "time", "--run", RUN))
                .contains("plan (ready), 1")
                .contains("pre_plan (boot), 1");
    }

    @Test
    void whereNoneHasEndedItSaysSo() {
        assertThat(said(List.of(), "vm", "time")).isEqualTo("no virtual machine has ended yet\n");
    }
}
