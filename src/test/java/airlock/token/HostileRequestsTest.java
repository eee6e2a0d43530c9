package airlock.token;

import static airlock.token.TokenScene.HOST;
import static airlock.token.TokenScene.TOKEN;
import static airlock.token.TokenScene.get;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileRequestsTest {
    private static final int ROUNDS = 900;
    private static final PathRule API = new PathRule("/api/");

    @Test
    void nothingReachesTheServerButWhatIsListedWhateverIsSent(@TempDir Path directory)
            throws Exception {
        int reached = 0;
        int refused = 0;
        try (var scene = TokenScene.of(directory, TlsKey.of(HOST, directory))) {
            var requests = new HostileRequests(5);
            for (int round = 0; round < ROUNDS; round++) {
                String raw = requests.next();
                var answer = scene.askAndEnd(raw);

                assertThat(answer.text()).as(raw).doesNotContain(TOKEN);
                for (var received : scene.server.received()) {
                    reached++;
                    check(raw, received);
                }
                refused += answer.text().contains("HTTP/1.1 4") ? 1 : 0;
            }
            assertThat(scene.ask(get("/api/good")).status()).isEqualTo(200);
            assertThat(scene.heard.hasLeak()).isFalse();
        }
        assertThat(reached).as("some of them are right").isGreaterThan(ROUNDS / 10);
        assertThat(refused).as("and many are not").isGreaterThan(ROUNDS / 4);
    }

    private static void check(String raw, TokenServer.Received received) {
        String[] line = received.line().split(" ", -1);
        assertThat(line).as(raw).hasSize(3);
        assertThat(line[0]).as(raw).isIn("GET", "HEAD", "POST");
        assertThat(API.refusal(line[1])).as(raw).isEmpty();
        assertThat(line[2]).as(raw).isEqualTo("HTTP/1.1");
        assertThat(received.values("Authorization")).as(raw).containsExactly("Bearer " + TOKEN);
        assertThat(received.values("Host")).as(raw).singleElement().asString().startsWith(HOST);
        int lengths = received.values("Content-Length").size();
        int codings = received.values("Transfer-Encoding").size();
        assertThat(lengths + codings).as(raw).isLessThanOrEqualTo(1);
        assertThat(received.head().toLowerCase(Locale.ROOT))
                .as(raw)
                .doesNotContain("upgrade", "override", "original", "range:", "expect");
    }
}
