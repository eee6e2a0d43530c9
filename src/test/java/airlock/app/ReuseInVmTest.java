package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.plan.FileServer;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A plan with `reuse: true` in real machines, with a real server on loopback by the uplink.
@Tag("vm")
final class ReuseInVmTest extends OnRealVms {
    private FileServer server;

    @BeforeEach
    void start() throws Exception {
        server = new FileServer(Files.createDirectory(directory.resolve("served")));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private String configuration() {
        return """
        id: 7
            network: {pre_plan: {allow: ["files.example:%d = 127.0.0.1"]}}
        """
                .formatted(server.port());
    }

    private String plan(String filename) {
        return """
        reuse: true
        cache: {name: data, key: [source], write: listed}
        artifacts: {paths: ["kept/**"], keep: 1h}
        pre_plan:
          - action: http_get
            items: [{url: "http://files.example:%d/cut", filename: %s}]
          - action: dummy
        plan:
          - action: shell
            shell: |
              echo "$(wc -c /ci/deps/http/%s) by $DUMMY"
              ls /ci/cache
              touch /ci/cache/there
              mkdir -p /ci/artifacts/kept /ci/artifacts/other
              touch /ci/artifacts/kept/a /ci/artifacts/other/b
        """
                .formatted(server.port(), filename, filename);
    }

    private static String api(Bot bot) throws Exception {
        return bot.get("/api/v1/runs/" + bot.runs().getFirst());
    }

    @Test
    void aSecondRunStartsNoMachineForPrePlanAndNothingGoesOverTheUplink() throws Exception {
        try (var bot = bot(configuration())) {
            String expected = FileServer.LONG.length() + " /ci/deps/http/%s by 1";

            String first = passed(bot, push(bot, plan("data")));
            assertThat(first)
                    .contains("data: 220000 bytes, sha256 ", expected.formatted("data"))
                    .contains("reuse: no dependencies are kept");
            assertThat(api(bot)).contains("files.example").contains("\"received_bytes\"");
            int before = server.requests().size();

            Files.writeString(Checkout.work(directory).resolve("source"), "changed");
            String second = passed(bot, push(bot, plan("data")));
            assertThat(second)
                    .contains("pre_plan is not run: ", expected.formatted("data"))
                    .doesNotContain("data: 220000", "http_get", "pre_plan: tcg", "pre_plan: kvm");
            assertThat(api(bot)).doesNotContain("\"received_bytes\"");
            assertThat(server.requests()).hasSize(before);

            assertThat(second).as("another key").doesNotContain("\nthere\n");
            assertThat(bot.get("/api/v1/runs/" + bot.runs().getFirst() + "/artifacts"))
                    .contains("kept/a")
                    .doesNotContain("other/b");

            String third = passed(bot, push(bot, plan("other")));
            assertThat(third)
                    .contains(expected.formatted("other"), "other: 220000 bytes", "\nthere\n");
        }
    }
}
