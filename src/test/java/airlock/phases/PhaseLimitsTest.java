package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Limits;
import airlock.event.Phase;
import airlock.plan.PlanSettings;
import airlock.vm.GuestStep;
import airlock.vm.Step;
import airlock.vm.VmEnd;
import airlock.vm.VmModel.VmShape;
import airlock.vm.VmSpec.VmLimits.GuestLimits;
import airlock.yaml.Binder;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PhaseLimitsTest {
    private static final GuestStep SHELL =
            new GuestStep.Execute(List.of("make"), Map.of(), "/ci/src", "");

    private static PhaseLimits limits(String limits, Phase phase) {
        return of("limits: {" + limits + "}\n", phase);
    }

    private static PhaseLimits of(String keys, Phase phase) {
        var plan = TestOrders.plan("plan: [{action: pwd}]\n" + keys);
        return new PhaseLimits(Limits.STANDARD, plan, phase);
    }

    @Test
    void whatThePlanDoesNotSayIsTheOperators() {
        var vm = limits("", Phase.PLAN).ofVm();

        assertThat(vm.time()).isEqualTo(Duration.ofHours(1));
        assertThat(vm.cpuTime()).isEqualTo(Duration.ofDays(7));
        assertThat(vm.guest()).isEqualTo(GuestLimits.ofProcesses(4096));
        assertThat(vm.logBytes()).isEqualTo(64 << 20);
        assertThat(vm.consoleBytes()).isEqualTo(1 << 20);
    }

    @Test
    void aPlanLowersLimits() {
        String all =
                "plan_time: 10m, cpu_time: 5m, memory: 1 GiB, scratch: 2 GiB, processes: 100,"
                        + " log: 1 MB, console: 9 KiB";
        var vm = limits(all, Phase.PLAN).ofVm();

        assertThat(vm.time()).isEqualTo(Duration.ofMinutes(10));
        assertThat(vm.cpuTime()).isEqualTo(Duration.ofMinutes(5));
        assertThat(vm.guest()).isEqualTo(new GuestLimits(100, 1L << 30, 2L << 30));
        assertThat(vm.logBytes()).isEqualTo(1_000_000);
        assertThat(vm.consoleBytes()).isEqualTo(9 << 10);
        assertThat(limits(all, Phase.PRE_PLAN).ofVm().time()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void aPlanRaisesNone() {
        var most =
                "plan_time: 7d, cpu_time: 7d, memory: 1 TiB, scratch: 1 TiB, processes: 4000000,"
                        + " log: 16 GiB, console: 1 GiB";

        assertThat(limits(most, Phase.PLAN).ofVm()).isEqualTo(limits("", Phase.PLAN).ofVm());
    }

    @Test
    void eachThatIsReachedSaysItsValueAndWhereItIsSet() {
        var operators = limits("plan_time: 2h", Phase.PLAN);
        var plans =
                limits("plan_time: 10m, memory: 64 MiB, scratch: 9 MiB, processes: 7", Phase.PLAN);
        var log = new VmEnd.OverLimit(VmEnd.Limited.LOG, "the log became longer than 9 bytes");

        assertThat(operators.ofTime())
                .isEqualTo("; the operator can raise `plan_time` below `limits`");
        assertThat(plans.ofTime()).isEqualTo("; the plan's own `limits` say so with `plan_time`");
        assertThat(operators.over(log))
                .isEqualTo(
                        "the log became longer than 9 bytes; the operator can raise `log`"
                                + " below `limits`");
        assertThat(operators.memory())
                .startsWith("ran out of memory: its VM has 2 GiB;")
                .contains("`memory`");
        assertThat(plans.memory())
                .isEqualTo(
                        "ran out of memory: it may have 64 MiB; the plan's own `limits` say so with"
                                + " `memory`");
        assertThat(plans.diskFull(SHELL, "/ci had no room left"))
                .endsWith("/ci has 9 MiB; the plan's own `limits` say so with `scratch`");
        assertThat(plans.tooManyProcesses())
                .isEqualTo(
                        "wanted more than 7 processes and threads at once; the plan's own"
                                + " `limits` say so with `processes`");
    }

    @Test
    void anActionThatTookTooLongSaysItsLimitAndWhereItIsSet() {
        var step = new Step("make", SHELL, false);

        assertThat(limits("", Phase.PLAN).tookTooLong(step.within(Duration.ofSeconds(90))))
                .isEqualTo("timed out after 90s (`timeout` of the action in .airlock.yaml)");
        // a guest that lies
        assertThat(limits("", Phase.PLAN).tookTooLong(step)).isEqualTo("timed out");
    }

    @Test
    void theTimeoutOfThePlanHoldsForPhasesOfWhichLimitsSaysNothing() {
        var keys = "timeout: 20m\nlimits: {post_plan_time: 25m, pre_plan_time: 7d}\n";

        assertThat(of(keys, Phase.PLAN).ofVm().time()).isEqualTo(Duration.ofMinutes(20));
        assertThat(of(keys, Phase.PLAN).ofTime()).isEqualTo("; the plan's own `timeout` says so");
        assertThat(of(keys, Phase.POST_PLAN).ofVm().time()).isEqualTo(Duration.ofMinutes(25));
        assertThat(of(keys, Phase.PRE_PLAN).ofVm().time()).isEqualTo(Duration.ofMinutes(30));
        assertThat(of("timeout: 7d\n", Phase.PLAN).ofTime()).contains("raise `plan_time`");
    }

    @Test
    void aSmallerMachineSaysWhoWantedIt() {
        var machine = of("memory: 300 MiB\n", Phase.PLAN);
        var both = of("memory: 300 MiB\nlimits: {memory: 64 MiB}\n", Phase.PLAN);

        assertThat(machine.memory())
                .isEqualTo(
                        "ran out of memory: its VM has 512 MiB; the plan's own `memory` says so");
        assertThat(machine.ofVm().guest().memory()).isZero();
        assertThat(both.memory()).contains("it may have 64 MiB; the plan's own `limits`");
        assertThat(both.ofVm().guest().memory()).isEqualTo(64 << 20);
        assertThat(machine.diskFull(SHELL, "/tmp had no room left")).contains("memory of 512 MiB");
    }

    @Test
    void aFullDiskSaysWhichOneItWas() {
        var limits = limits("", Phase.PLAN);
        var pack = new GuestStep.Pack("/ci/cache", "/dev/vde");

        assertThat(limits.diskFull(pack, "cannot write"))
                .startsWith("cache became larger than 10 GiB;")
                .contains("`cache`");
        assertThat(limits.diskFull(SHELL, "/ci had no room left"))
                .startsWith("found the disk full: /ci had no room left; /ci has 20 GiB;")
                .contains("`scratch`");
        assertThat(limits.diskFull(SHELL, "/tmp had no room left"))
                .contains("half of the VM's memory of 2 GiB", "`memory`");
        assertThat(limits.diskFull(SHELL, "/ had no room left"))
                .isEqualTo("found the disk full: / had no room left");
    }

    /// If the operator grants 2 CPUs and 2 GiB.
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
    void lessIsGrantedAndMoreNever() {
        assertThat(PhaseShape.of(Limits.STANDARD, PlanSettings.none()))
                .isEqualTo(PhaseShape.of(Limits.STANDARD));
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
