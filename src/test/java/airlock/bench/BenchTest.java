package airlock.bench;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Secret;
import airlock.forge.Forge;
import airlock.forge.Forge.EventReading;
import airlock.webhook.Signatures;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The script, its page and what it sends fit together.
class BenchTest {
    private static final Pattern ROWS = Pattern.compile("(?m)^ROWS=\\((.*)\\)$");
    private static final Pattern NAMED = Pattern.compile("(?m)^\\| `([a-z.0-9]+)`");

    @Test
    void thePageDescribesTheRowsOfTheScriptAndNoOthers() throws Exception {
        var rows = ROWS.matcher(Files.readString(Path.of("deploy/bench.sh")));
        assertThat(rows.find()).isTrue();
        List<String> known = List.of(rows.group(1).split(" "));
        String page = Files.readString(Path.of("docs/performance.md"));
        var named = new TreeSet<String>();
        NAMED.matcher(page).results().forEach(name -> named.add(name.group(1)));

        assertThat(known)
                .allSatisfy(row -> assertThat(named).anyMatch(name -> isPartOf(row, name)));
        assertThat(named).contains("intake.durable", "intake.durable.p99");
        assertThat(named)
                .allSatisfy(name -> assertThat(known).anyMatch(row -> isPartOf(row, name)));
    }

    private static boolean isPartOf(String row, String figure) {
        return figure.equals(row) || figure.startsWith(row + ".");
    }

    @Test
    void everyDeliveryIsSignedHasItsSizeAndIsAnotherPush() throws Exception {
        var secret = new Secret("of a test");
        var pushes = new SignedPushes("/hooks/demo/alice/widget", secret, 8192).next(250);

        var moves = new TreeSet<String>();
        for (byte[] push : pushes) {
            String request = new String(push, StandardCharsets.US_ASCII);
            int end = request.indexOf("\r\n\r\n");
            String body = request.substring(end + 4);
            byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
            assertThat(bytes).hasSize(8192);
            assertThat(request.substring(0, end))
                    .startsWith("POST /hooks/demo/alice/widget HTTP/1.1\r\n")
                    .contains("\r\nX-Gitea-Signature: " + Signatures.sign(secret, bytes));
            assertThat(Forge.of(airlock.event.ForgeKind.GITEA).read("demo", "push", bytes))
                    .isInstanceOfSatisfying(
                            EventReading.Understood.class,
                            read -> moves.add(read.event().toString()));
        }
        assertThat(moves).hasSize(250);
    }
}
