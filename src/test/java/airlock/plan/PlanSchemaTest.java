package airlock.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The JSON Schemas in docs/, read by a validator and a YAML reader that are not ours.
final class PlanSchemaTest {
    private static final Path DOCS = Path.of("docs");

    private static Path file(PlanFile file) {
        return DOCS.resolve(
                switch (file) {
                    case AIRLOCK -> "airlock-plan.schema.json";
                    case AMBIENT -> "ambient-plan.schema.json";
                });
    }

    private static Schema schema(PlanFile file) throws IOException {
        return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(Files.readString(file(file)), InputFormat.JSON);
    }

    private static List<String> errors(PlanFile file, String plan) throws IOException {
        // the validator's own reader takes an alias for a text
        Object value = new Load(LoadSettings.builder().build()).loadFromString(plan);
        JsonNode node = JsonMapper.shared().valueToTree(value);
        return schema(file).validate(node).stream().map(Object::toString).toList();
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaIsWhatTheCodeSays(PlanFile file) throws IOException {
        if ("update".equals(System.getProperty("golden"))) {
            Files.writeString(file(file), PlanSchema.of(file));
        }
        assertThat(Files.readString(file(file)))
                .as("%s; -Dgolden=update writes it anew", file(file))
                .isEqualTo(PlanSchema.of(file));
    }

    @ParameterizedTest
    @EnumSource
    void theSchemaIsOneOf2020(PlanFile file) throws IOException {
        var dialect =
                SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                        .getSchema(
                                com.networknt.schema.SchemaLocation.of(
                                        "https://json-schema.org/draft/2020-12/schema"));
        assertThat(dialect.validate(Files.readString(file(file)), InputFormat.JSON)).isEmpty();
        assertThat(dialect.validate("{\"type\": \"nothing\"}", InputFormat.JSON)).isNotEmpty();
    }

    @Test
    void allExamplesAreValid() throws IOException {
        try (Stream<Path> all = Files.list(DOCS.resolve("examples"))) {
            var examples = all.toList();
            assertThat(examples).hasSizeGreaterThan(4);
            for (Path example : examples) {
                boolean isAmbients = example.endsWith("ambient.yaml");
                var file = isAmbients ? PlanFile.AMBIENT : PlanFile.AIRLOCK;
                assertThat(errors(file, Files.readString(example))).as("%s", example).isEmpty();
            }
        }
    }

    @Test
    void allPlansInTheDocumentsAreValid() throws IOException {
        var block =
                Pattern.compile(
                        "(?s)```yaml\n((?:(?!```).)*?^(?:pre_plan|plan|post_plan):.*?)```",
                        Pattern.MULTILINE);
        int seen = 0;
        try (Stream<Path> pages = Files.list(DOCS)) {
            for (Path page : pages.filter(p -> p.toString().endsWith(".md")).toList()) {
                for (var found : block.matcher(Files.readString(page)).results().toList()) {
                    seen++;
                    assertThat(errors(PlanFile.AIRLOCK, found.group(1)))
                            .as("%s: %s", page, found.group(1))
                            .isEmpty();
                }
            }
        }
        assertThat(seen).isGreaterThan(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plam: []",
                "plan: [{action: shel, shell: make}]",
                "plan: [{action: shell}]",
                "plan: [{action: shell, shell: true}]",
                "plan: [{action: shell, shell: make, retries: 3}]",
                "plan: [pwd]",
                "plan: {action: pwd}",
                "plan: [{action: setenv, set: {A: 1}}]",
                "pre_plan: [{action: http_get, items: []}]",
                "limits: {memry: 1 GiB}",
                "[]",
            })
    void whatTheReaderRefusesForItsShapeIsRefused(String plan) throws IOException {
        assertThat(new PlanReader().read(PlanFile.AIRLOCK, bytes(plan)))
                .isInstanceOf(PlanReading.Invalid.class);
        assertThat(errors(PlanFile.AIRLOCK, plan)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plan: [{action: pwd, retries: 3}]",
                "plan:",
                "artifact_max_size: 1000",
                "plan: [{action: custom, name: x, args: {a: [1, {b: null}]}}]"
            })
    void whatAmbientTakesIsTaken(String plan) throws IOException {
        assertThat(new PlanReader().read(PlanFile.AMBIENT, bytes(plan)))
                .isInstanceOf(PlanReading.Read.class);
        assertThat(errors(PlanFile.AMBIENT, plan)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "artifact_max_size: 1 GB",
                "limits: {}",
                "pre_plan: [{action: shell, shell: make}]"
            })
    void whatIsOnlyInAirlocksOwnFileIsRefusedInAmbients(String plan) throws IOException {
        assertThat(errors(PlanFile.AMBIENT, plan)).isNotEmpty();
        assertThat(errors(PlanFile.AIRLOCK, plan)).isEmpty();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
