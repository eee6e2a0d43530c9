package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.app.Bot;
import airlock.app.SignedPush;
import airlock.house.LogLines;
import airlock.house.LoopbackForge;
import airlock.vm.FakeVmHost;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ObjectNode;

/// The configured default branch is `main`.
final class DefaultBranchTest {
    @TempDir Path directory;

    private static void says(String branch, ObjectNode body) {
        ((ObjectNode) body.path("repository")).put("default_branch", branch);
        ((ObjectNode) body.path("head_commit")).put("message", "more");
    }

    @Test
    void aSignedDeliveryThatNamesAnotherOneIsToldInTheLogOnce() throws Exception {
        try (var forge = LoopbackForge.start(0);
                var log = LogLines.of(DefaultBranch.class)) {
            forge.host(7, "alice/hello", directory.resolve("hello.git"), false);
            try (var bot = Bot.quick(directory, forge, new FakeVmHost(), "")) {
                var push = new SignedPush(bot);
                assertThat(push.send(body -> says("main", body))).isLessThan(300);
                assertThat(log.lines()).isEmpty();
                assertThat(push.send(body -> says("master", body))).isLessThan(300);
                assertThat(push.send(body -> says("master", body))).isLessThan(300);
                assertThat(log.lines())
                        .containsExactly(
                                "default branch of demo/alice/hello: the forge says 'master' and"
                                        + " the configuration 'main', which badge, secrets and"
                                        + " post_plan follow; set `default_branch: master` if that is"
                                        + " the one you mean");
                assertThat(push.send(body -> says("x\n\u202e" + "y".repeat(9_000), body)))
                        .isLessThan(300);
                assertThat(log.lines().getLast())
                        .hasSizeLessThan(700)
                        .doesNotContain("\n", "\u202e");
            }
        }
    }
}
