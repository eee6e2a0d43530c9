package airlock.phases;

import airlock.config.Destinations;
import airlock.config.Limits;
import airlock.config.NetworkConfig;
import airlock.config.PlanRules;
import airlock.config.SecretsConfig;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.phases.PhaseOrder.PhaseSettings;
import airlock.plan.Plan;
import airlock.plan.PlanFile;
import airlock.plan.PlanReader;
import airlock.plan.PlanReading;
import airlock.results.PhaseKey;
import airlock.yaml.Binder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/// Phases of a listed run of `main`, and the settings of a repository that grants nothing.
public final class TestOrders {
    static final RepositoryId REPOSITORY = new RepositoryId("forge", "1");
    private static final Subject.Branch MAIN = new Subject.Branch("refs/heads/main");

    public static final PhaseSettings SETTINGS =
            new PhaseSettings(
                    "debian-13",
                    PlanRules.STANDARD,
                    Limits.STANDARD,
                    MAIN,
                    SecretsConfig.NOTHING,
                    NetworkConfig.NOTHING,
                    Destinations.NONE);

    private TestOrders() {}

    static Plan plan(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (new PlanReader().read(PlanFile.AIRLOCK, bytes)) {
            case PlanReading.Read read -> read.plan();
            case PlanReading.Invalid invalid -> throw new AssertionError(invalid.problems());
            case PlanReading.Absent _ -> throw new AssertionError("absent");
        };
    }

    /// @param settings components that differ from [#SETTINGS], by name
    static PhaseOrder order(Phase phase, String plan, Map<String, Object> settings) {
        return new PhaseOrder(
                new PhaseKey(RunId.random(), 1, phase),
                plan(plan),
                Path.of("/none"),
                REPOSITORY,
                MAIN,
                TrustClass.LISTED,
                Binder.changed(SETTINGS, settings));
    }
}
