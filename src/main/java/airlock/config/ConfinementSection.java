package airlock.config;

import airlock.config.ConfinementConfig.Wall;
import airlock.yaml.Compounds;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Units;
import airlock.yaml.Values;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The walls around QEMU.
final class ConfinementSection {
    private static final ConfinementConfig STANDARD = ConfinementConfig.standard();
    private static final Key<List<Wall>> REQUIRE =
            Key.or(
                            "require",
                            Compounds.list(Scalars.choice(walls()), 0, Wall.values().length),
                            List.of(),
                            "[]",
                            "Walls without which nothing starts. `airlock doctor` shows which ones"
                                    + " this machine gives, and what to do about the others;"
                                    + " [Security](security.md#who-breaks-out-of-qemu) says what"
                                    + " each holds back.")
                    .example("[own_user, namespaces, control_group]");
    private static final Key<Long> QEMU_MEMORY =
            Key.or(
                            "qemu_memory",
                            Scalars.size(64L << 20, 1L << 40),
                            STANDARD.qemuMemory(),
                            Units.showSize(STANDARD.qemuMemory()),
                            "How much memory the control group of a VM allows beyond the VM's own"
                                    + " and 256 MiB of translated code. A VM whose QEMU needs more"
                                    + " is ended, and its phase *broke*.")
                    .example("1 GiB");

    private static final Key<String> LEAST_QEMU =
            Key.or(
                            "least_qemu",
                            Scalars.TEXT.as(
                                    "a version, such as \"10.0.13\"", ConfinementSection::version),
                            STANDARD.leastQemu(),
                            "\"" + STANDARD.leastQemu() + "\"",
                            "The version that QEMU must have at least; with an older one nothing"
                                    + " starts. For the day on which one with a hole is known.")
                    .example("\"10.0.13\"");

    private ConfinementSection() {}

    private static String version(String text) {
        if (!text.matches("\\d{1,6}\\.\\d{1,6}(\\.\\d{1,6})?")) {
            throw new IllegalArgumentException("found '" + text + "'");
        }
        return text;
    }

    private static Map<String, Wall> walls() {
        var words = new LinkedHashMap<String, Wall>();
        for (Wall wall : Wall.values()) {
            words.put(wall.word(), wall);
        }
        return words;
    }

    static Section<ConfinementConfig> section() {
        return new Section<>(
                "confinement",
                "The walls around each QEMU.",
                List.of(REQUIRE, QEMU_MEMORY, LEAST_QEMU),
                ConfinementSection::make);
    }

    private static ConfinementConfig make(Values values) {
        Set<Wall> required = EnumSet.noneOf(Wall.class);
        required.addAll(values.get(REQUIRE));
        return new ConfinementConfig(required, values.get(QEMU_MEMORY), values.get(LEAST_QEMU));
    }
}
