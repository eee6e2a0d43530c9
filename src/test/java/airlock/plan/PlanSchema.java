package airlock.plan;

import airlock.yaml.JsonSchema;

/// The JSON Schemas of the plan files, written from the keys that the reader reads with.
public final class PlanSchema {
    private PlanSchema() {}

    /// The schema of `file`.
    public static String of(PlanFile file) {
        String title =
                switch (file) {
                    case AIRLOCK -> "Airlock's plan file, .airlock.yaml";
                    case AMBIENT ->
                            "Ambient CI's plan file, .radicle/ambient.yaml, as Airlock reads it";
                };
        return JsonSchema.of(title, PlanSettings.section(file, OperatorsWord.UNKNOWN));
    }
}
