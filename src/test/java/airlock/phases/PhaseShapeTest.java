package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Limits;
import airlock.plan.PlanSettings;
import airlock.vm.VmModel.VmShape;
import airlock.yaml.Binder;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A plan's machine if the operator grants 2 CPUs and 2 GiB.
class PhaseShapeTest {
    private static VmShape shape(long cpus, long mebibytes) {
        return PhaseShape.of(
                Limits.STANDARD,
                Binder.changed(
                        PlanSettings.none(),
                        Map.of(
                                "cpus", Optional.of((int) cpus),
                                "memory", Optional.of(mebibytes << 20))));
    }

    @Test
    void aPlanThatWantsNothingHasTheOperatorsMachine() {
        assertThat(PhaseShape.of(Limits.STANDARD, PlanSettings.none()))
                .isEqualTo(PhaseShape.of(Limits.STANDARD));
    }

    @Test
    void lessIsGrantedAndMoreNever() {
        assertThat(shape(1L, 512L).cpus()).isEqualTo(1);
        assertThat(shape(1L, 512L).memoryMib()).isEqualTo(512);
        assertThat(shape(64L, 1L << 20)).isEqualTo(PhaseShape.of(Limits.STANDARD));
        assertThat(shape(2L, 2048L)).isEqualTo(PhaseShape.of(Limits.STANDARD));
        assertThat(shape(1L, 512L).slots()).isEqualTo(PhaseShape.of(Limits.STANDARD).slots());
    }

    @Test
    void itHasAtLeastWhatIsAskedForAndThereAreFewShapes() {
        var shapes = new HashSet<VmShape>();
        for (long mebibytes = 256; mebibytes < 4096; mebibytes++) {
            var shape = shape(1 + mebibytes % 3, mebibytes);
            assertThat(shape.memoryMib()).isBetween((int) Math.min(mebibytes, 2048), 2048);
            shapes.add(shape);
        }
        assertThat(shapes).hasSizeLessThanOrEqualTo(2 * 4);
    }
}
