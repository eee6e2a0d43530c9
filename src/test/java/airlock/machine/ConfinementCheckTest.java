package airlock.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.AirlockConfig;
import airlock.config.ConfinementConfig;
import airlock.config.ConfinementConfig.Wall;
import airlock.config.ReadyConfig;
import airlock.machine.Hypervisor.ConfinementCheck;
import airlock.sandbox.Confinement;
import airlock.sandbox.Confinement.Layer;
import airlock.vm.BootFiles;
import airlock.vm.QemuSandbox;
import airlock.vm.QemuVersion;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// No VM starts without the required walls.
class ConfinementCheckTest {
    private static final Confinement POOR =
            new Confinement(
                    Map.of(
                            Layer.NAMESPACES, "no bwrap; apt-get install bubblewrap",
                            Layer.CONTROL_GROUP, "nothing delegated; Delegate=memory pids"));

    @TempDir Path state;

    private static ConfinementConfig demanding(Wall... walls) {
        return new ConfinementConfig(Set.of(walls), 1L << 30, "");
    }

    private Hypervisor hypervisor(ConfinementConfig demanded) throws InterruptedException {
        var nowhere = Path.of("/nonexistent");
        return new Hypervisor(
                AirlockConfig.Accelerator.AUTO,
                demanded,
                ReadyConfig.none(),
                0,
                state,
                new BootFiles(nowhere, nowhere, nowhere),
                InstantSource.system());
    }

    @Test
    void allThatIsMissingIsNamedTogetherWithItsCure() {
        assertThat(ConfinementCheck.hindrance(demanding(Wall.values()), POOR))
                .hasValueSatisfying(
                        why ->
                                assertThat(why)
                                        .contains(
                                                "`require` below `confinement`",
                                                "namespaces (no bwrap; apt-get install bubblewrap),"
                                                        + " control_group (nothing delegated;")
                                        .doesNotContain("own_user", "limits ("));
    }

    @Test
    void whatHoldsOrIsNotDemandedHindersNothing() {
        assertThat(ConfinementCheck.hindrance(demanding(Wall.OWN_USER, Wall.LIMITS), POOR))
                .isEmpty();
        assertThat(ConfinementCheck.hindrance(ConfinementConfig.STANDARD, POOR)).isEmpty();
    }

    @Test
    void anOlderQemuThanDemandedHindersAndSoDoesOneThatDoesNotTell() {
        var demanded = new ConfinementConfig(Set.of(), 1L << 30, "10.0.13");

        assertThat(
                        ConfinementCheck.qemuHindrance(
                                demanded, Optional.of(new QemuVersion(10, 0, 12))))
                .hasValueSatisfying(
                        why ->
                                assertThat(why)
                                        .contains("10.0.12", "`least_qemu: 10.0.13`", "apt-get"));
        assertThat(ConfinementCheck.qemuHindrance(demanded, Optional.empty())).isPresent();
        assertThat(
                        ConfinementCheck.qemuHindrance(
                                demanded, Optional.of(new QemuVersion(10, 0, 13))))
                .isEmpty();
        assertThat(ConfinementCheck.qemuHindrance(ConfinementConfig.STANDARD, Optional.empty()))
                .isEmpty();
    }

    @Test
    void whereQemuIsOlderThanDemandedNothingStarts() {
        var demanded = new ConfinementConfig(Set.of(), 1L << 30, "999.0");
        assertThatThrownBy(() -> hypervisor(demanded))
                .isInstanceOf(AppException.class)
                .hasMessageContaining("`least_qemu: 999.0`");
    }

    @Test
    void everyLayerCanBeDemanded() {
        for (Layer layer : Layer.values()) {
            var without = new EnumMap<Layer, String>(Layer.class);
            without.put(layer, "is not there");
            assertThat(
                            Arrays.stream(Wall.values())
                                    .filter(
                                            wall ->
                                                    ConfinementCheck.hindrance(
                                                                    demanding(wall),
                                                                    new Confinement(without))
                                                            .isPresent()))
                    .as("%s", layer)
                    .hasSize(1);
        }
    }

    @Test
    void aMachineThatLacksADemandedWallDoesNotEvenLookForItsAccelerator() throws Exception {
        var missing = QemuSandbox.detect().confinement().missing();
        if (missing.isEmpty()) {
            System.out.println("skipped: this machine gives every wall, so none is missing");
            Assumptions.abort("this machine gives every wall");
        }
        assertThatThrownBy(() -> hypervisor(demanding(Wall.values())))
                .isInstanceOf(AppException.class)
                .hasMessageContaining("no VM is started here");
    }
}
