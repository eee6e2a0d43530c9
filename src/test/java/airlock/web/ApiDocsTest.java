package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.forge.StatusPoster.CommitState;
import airlock.results.Mark;
import airlock.results.RequestView;
import airlock.results.RunHead;
import airlock.statuses.StatusViews.OutboxRow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Every example of docs/api.md is what the server answers; `-Dgolden=update` writes them anew.
class ApiDocsTest {
    private static final Path PAGE = Path.of("docs/api.md");
    private static final Pattern EXAMPLE =
            Pattern.compile("(?ms)^```http\\nGET (\\S+)\\n```\\n+```json\\n(.*?)^```$");
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String RUN = "k3q5x7m2vb4hj6tnd2fa";
    private static final String REQUEST = "c7wz2lq5y4rn3gke6tua";
    private static final String WAITING = "p2d6h4sxm3vb7oqja5yi";

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void fill() {
        var head = failed();
        site.views.put(Samples.view(head, Mark.FAILED));
        site.views.put(
                new RequestView(
                        head.request(),
                        head.revision(),
                        new State.Ended(Verdict.FAILED, "1 of 1 run failed"),
                        "",
                        Samples.NOW.minusSeconds(200),
                        List.of(head)));
        site.statuses.put(
                head.request(),
                InMemoryStatuses.row(
                        CommitState.FAILURE,
                        "failed: step 2 failed: exit code 1",
                        OutboxRow.Outcome.SENT,
                        ""));
        site.views.put(Samples.waiting(WAITING));
        site.logs.append(head.id(), Samples.STEP, 1, 0.25, "cc -c hull.c\n");
        site.logs.append(head.id(), Samples.STEP, 2, 21.4, "\u001b[1mhull.c:7: unused\u001b[0m\n");
        site.artifacts.put(head.id(), "report/index.html", new byte[2048]);
    }

    private static RunHead failed() {
        var state = Samples.ended(Verdict.FAILED, "step 2 failed: exit code 1");
        return Samples.head(RUN, REQUEST, Samples.HULL, "main", "", state);
    }

    @Test
    void everyExampleIsWhatTheServerAnswers() throws IOException {
        String page = Files.readString(PAGE);
        var examples = EXAMPLE.matcher(page);
        var written = new StringBuilder();
        int count = 0;
        while (examples.find()) {
            var answer = site.get(examples.group(1));
            String body = JSON.writeValueAsString(JSON.readTree(answer.body())) + "\n";
            examples.appendReplacement(
                    written,
                    Matcher.quoteReplacement(
                            "```http\nGET "
                                    + examples.group(1)
                                    + "\n```\n```json\n"
                                    + body
                                    + "```"));
            count++;
            if (!"update".equals(System.getProperty("golden"))) {
                assertThat(JSON.readTree(examples.group(2)))
                        .as(examples.group(1))
                        .isEqualTo(JSON.readTree(answer.body()));
            }
        }
        examples.appendTail(written);
        assertThat(count).isEqualTo(9);
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(PAGE, written);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(written.toString());
    }

    @Test
    void everyRouteHasARowAndEveryRowARoute() throws IOException {
        var documented =
                Pattern.compile("(?m)^\\| `GET /api/v1(\\S*?)(?:\\?\\S*)?` \\|")
                        .matcher(Files.readString(PAGE))
                        .results()
                        .map(row -> row.group(1).replace("{path}", "<path>"))
                        .toList();
        assertThat(documented).containsExactlyInAnyOrderElementsOf(Api.ROUTES.keySet());
    }
}
