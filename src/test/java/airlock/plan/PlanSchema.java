package airlock.plan;

import airlock.yaml.JsonSchema;
import airlock.yaml.Section;
import airlock.yaml.Type;
import java.util.HashMap;
import java.util.Map;

/// The JSON Schemas of the plan files, written from the keys that the reader reads with.
public final class PlanSchema extends JsonSchema {
    private PlanSchema() {}

    /// The schema of `file`.
    public static String of(PlanFile file) {
        String title =
                switch (file) {
                    case AIRLOCK -> "Airlock's plan file, .airlock.yaml";
                    case AMBIENT ->
                            "Ambient CI's plan file, .radicle/ambient.yaml, as Airlock reads it";
                };
        return new PlanSchema().text(title, PlanSettings.section(file, PlanPolicy.UNKNOWN));
    }

    @Override
    protected Map<String, Object> ofOther(Type<?> type) {
        return switch (type) {
            case ActionType(var file, var phase, _) -> {
                var sections = new HashMap<String, Section<?>>();
                Actions.ALL.stream()
                        .filter(kind -> kind.fits(file, phase))
                        .forEach(kind -> sections.put(kind.name(), kind.fields(file)));
                yield tagged(ActionType.ACTION, sections, file == PlanFile.AIRLOCK);
            }
            case MatrixType _ -> {
                var entries = items(MatrixType.ENTRY, 0, MatrixType.MOST_EXCLUDED);
                yield object(
                        "type",
                        "object",
                        "additionalProperties",
                        anyOf(of(MatrixType.AXIS), entries));
            }
            default -> Map.of();
        };
    }
}
