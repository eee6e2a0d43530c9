package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.Verdict;
import airlock.results.Mark;
import airlock.results.RunView;
import airlock.results.StepKey;
import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class LogFilesTest {
    private static final String HOSTILE =
            "</pre><script>alert(1)</script>\u001b[31mred\u001b[0m\u202e";

    @RegisterExtension private final Site site = new Site();

    private RunView failed() {
        return site.show("failed", Verdict.FAILED, "exit code 2");
    }

    private String url(RunView run, String name) {
        return "/runs/" + run.head().id() + "/" + name;
    }

    private static List<JsonNode> lines(String body) {
        return body.lines().map(JsonMapper.shared()::readTree).toList();
    }

    @Test
    void eachLineOfTheJsonFormFitsTheSchema() throws IOException {
        var run = failed();
        site.logs.append(run.head().id(), Samples.STEP, 1, 0, "h\u00e9llo\n" + HOSTILE + "\n");
        var schema =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                Files.readString(Path.of("docs/run-log.schema.json")),
                                InputFormat.JSON);

        String body = site.get(url(run, "log.jsonl")).body();

        assertThat(body.chars()).allMatch(c -> c < 127);
        assertThat(lines(body)).hasSizeGreaterThan(3);
        for (String line : body.lines().toList()) {
            assertThat(schema.validate(line, InputFormat.JSON)).as(line).isEmpty();
        }
        assertThat(schema.validate("{\"record\": \"run\"}", InputFormat.JSON)).isNotEmpty();
        assertThat(lines(body).getFirst().path("repository").asString())
                .isEqualTo(Samples.SHIP.path());
    }

    @Test
    void theJsonFormSaysWhereTheTextHasTheOutputOfEachStep() {
        var run = failed();
        var other = new StepKey(Phase.PLAN, 1, StepKey.NOTES);
        site.logs.append(run.head().id(), Samples.STEP, 1, 0, "one h\u00e9llo\n");
        site.logs.append(run.head().id(), other, 0, 0, "a note\n");
        site.logs.append(run.head().id(), Samples.STEP, 2, 0, "\u001b[1mtwo\u001b[0m\n");

        byte[] text = site.get(url(run, "log.txt")).body().getBytes(StandardCharsets.UTF_8);
        var outputs =
                lines(site.get(url(run, "log.jsonl")).body()).stream()
                        .filter(line -> line.path("record").asString().equals("output"))
                        .map(
                                line ->
                                        line.path("step").asInt()
                                                + ":"
                                                + new String(
                                                        text,
                                                        line.path("offset").asInt(),
                                                        line.path("bytes").asInt(),
                                                        StandardCharsets.UTF_8))
                        .toList();

        int step = Samples.STEP.step();
        assertThat(outputs).hasSize(3);
        assertThat(outputs.get(0)).isEqualTo(step + ":one h\u00e9llo\n");
        assertThat(outputs.get(1)).isEqualTo("-1:a note\n");
        assertThat(outputs.get(2)).isEqualTo(step + ":two\n");
    }

    @Test
    void theHtmlFormStandsAloneAndObeysNobody() {
        var run = failed();
        site.logs.append(run.head().id(), Samples.STEP, 2, 0, HOSTILE + "\n");

        var answer = site.get(url(run, "log.html"));

        assertThat(answer.headers().firstValue("Content-Disposition"))
                .hasValueSatisfying(value -> assertThat(value).startsWith("attachment"));
        assertThat(answer.body())
                .startsWith("<!DOCTYPE html>")
                .endsWith("</main></body></html>\n")
                .contains("&lt;/pre&gt;&lt;script&gt;alert(1)", "red")
                .doesNotContain("<script", "src=", "href=", "\u001b", "\u202e", "url(http");
    }

    @Test
    void ofTheHtmlFormOnlyWhatFailedIsOpenAndAllStepsAreThere() {
        var run = failed();
        site.logs.append(run.head().id(), Samples.STEP, 1, 0, "out\n");

        String body = site.get(url(run, "log.html")).body();

        long steps = run.phases().stream().mapToLong(phase -> phase.steps().size()).sum();
        long failedSteps =
                run.phases().stream()
                        .flatMap(phase -> phase.steps().stream())
                        .filter(step -> step.mark() == Mark.FAILED)
                        .count();
        assertThat(failedSteps).isPositive().isLessThan(steps);
        assertThat(body.split("<details", -1)).hasSize((int) steps + 1);
        assertThat(body.split("<details class=\"step\" open>", -1)).hasSize((int) failedSteps + 1);
    }

    @Test
    void aLineOfMegabytesIsBrokenSoThatABrowserCanShowIt() {
        var run = failed();
        for (int i = 0; i < 64; i++) {
            site.logs.append(run.head().id(), Samples.STEP, 1, 0, "\uD83D\uDE00x".repeat(16 << 10));
        }

        String body = site.get(url(run, "log.html")).body();

        assertThat(body.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(20_000);
        assertThat(body).doesNotContain("\uFFFD");
        assertThat(body.codePoints().filter(c -> c == 0x1F600).count()).isEqualTo(64 << 14);
    }

    @Test
    void aRunWithoutALogHasNone() {
        var run = failed();
        for (String name : List.of("log.jsonl", "log.html")) {
            var answer = site.get(url(run, name));
            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.headers().firstValue("Content-Disposition")).isEmpty();
        }
    }
}
