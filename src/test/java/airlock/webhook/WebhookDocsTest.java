package airlock.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.ForgeKind;
import airlock.forge.Forge;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Compares docs/webhooks.md with the code.
class WebhookDocsTest {
    private static final URI PAGE = URI.create("https://ci.example/requests/a");

    private final String page = Files.readString(Path.of("docs/webhooks.md"));

    WebhookDocsTest() throws IOException {}

    @Test
    void theTableOfAnswersHasEachStatusAndNoOther() {
        var answers =
                Stream.of(
                        new HookAnswer.Accepted(PAGE),
                        new HookAnswer.Known(PAGE),
                        new HookAnswer.NothingToDo("x"));
        Set<Integer> given = new TreeSet<>(answers.map(HookAnswer::status).toList());
        Stream.of(Refusal.values()).forEach(refusal -> given.add(refusal.status));
        Set<Integer> told =
                new TreeSet<>(
                        Pattern.compile("(?m)^\\| (\\d{3}) \\|")
                                .matcher(section("## Answers"))
                                .results()
                                .map(row -> Integer.parseInt(row.group(1)))
                                .toList());

        assertThat(told).isEqualTo(given);
    }

    private String section(String heading) {
        int start = page.indexOf(heading);
        return page.substring(start, page.indexOf("\n## ", start));
    }

    @Test
    void theCapsAreTheForges() {
        assertThat(page).contains("at most 25 MiB from GitHub and 5 MiB from others");
        assertThat(Forge.of(ForgeKind.GITHUB).traits().largestBody()).isEqualTo(25 << 20);
        assertThat(Forge.of(ForgeKind.GITEA).traits().largestBody()).isEqualTo(5 << 20);
        assertThat(Forge.of(ForgeKind.FORGEJO).traits().largestBody()).isEqualTo(5 << 20);
    }

    @Test
    void theSkipMarksAreThoseThatAreRead() {
        for (String mark :
                List.of("[skip ci]", "[ci skip]", "[no ci]", "[skip actions]", "[actions skip]")) {
            assertThat(page).contains("`" + mark + "`");
        }
    }
}
