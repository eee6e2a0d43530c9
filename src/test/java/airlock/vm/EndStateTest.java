package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.vm.EndState.VmSignal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class EndStateTest {
    private static final VmSignal KILLED = new VmSignal.Exited(137, "no message");
    private static final VmSignal CLOSED = new VmSignal.LogClosed();
    private static final VmSignal TORN = new VmSignal.BadLog("ends inside a record");

    private static final VmSignal READY = new VmSignal.Heard(new GuestRecord.Ready(1));
    private static final VmSignal BEGAN = new VmSignal.Heard(new GuestRecord.StepStarted(0, 0));

    private final EndState watch = new EndState(VmSpecs.plain(Path.of("/console")));

    private Optional<VmEnd> hear(VmSignal... signals) {
        Optional<VmEnd> end = Optional.empty();
        for (VmSignal signal : signals) {
            assertThat(end).as("before " + signal).isEmpty();
            end = watch.hear(signal);
        }
        return end;
    }

    private void running() {
        assertThat(hear(READY, BEGAN)).isEmpty();
    }

    /// @param data `NAME=VALUE` each
    private static VmSignal told(String event, String... data) {
        return new VmSignal.QemuTold(
                event,
                Stream.of(data)
                        .map(pair -> pair.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
    }

    private static VmSignal shutdown(String guest, String reason) {
        return told("SHUTDOWN", "guest=" + guest, "reason=" + reason);
    }

    private static VmSignal finished(boolean passed, Map<String, Long> packed) {
        return new VmSignal.Heard(new GuestRecord.Finished(passed, packed, 1));
    }

    @Test
    void afterABadSignItWaitsAMomentForTheCause() {
        running();

        assertThat(hear(new VmSignal.Stopped("io-error"))).isEmpty();

        assertThat(watch.stage()).isEqualTo(EndState.Stage.SETTLING);
        assertThat(watch.limit()).isEqualTo(EndState.GRACE);
    }

    @Test
    void theFinalRecordEndsIt() {
        running();

        assertThat(hear(finished(true, Map.of("/dev/vdd", 8192L))))
                .contains(new VmEnd.Finished(true, Map.of(Drive.ARTIFACTS, 8192L)));
    }

    @ParameterizedTest
    @CsvSource({"/dev/vdd, 8193", "/dev/vdd, -1", "/dev/vdc, 1", "/dev/vdz, 1", "vdd, 1"})
    void aClaimThatIsNotOfAWritableDriveOrPassesItsSlotIsALie(String device, long bytes) {
        running();

        assertThat(hear(finished(true, Map.of(device, bytes))))
                .containsInstanceOf(VmEnd.GuestDied.class);
    }

    @Test
    void aQemuThatIsKilledIsTheHostsFailureInWhateverOrderItIsHeardOf() {
        for (var order :
                List.of(
                        List.of(KILLED, CLOSED),
                        List.of(CLOSED, KILLED),
                        List.of(TORN, CLOSED, KILLED),
                        List.of(KILLED, TORN, CLOSED))) {
            var fresh = new EndState(VmSpecs.plain(Path.of("/console")));
            fresh.hear(READY);
            fresh.hear(BEGAN);
            Optional<VmEnd> end = Optional.empty();
            for (VmSignal signal : order) {
                end = fresh.hear(signal);
            }
            assertThat(end).as(order.toString()).containsInstanceOf(VmEnd.HostFailed.class);
        }
    }

    @Test
    void beforeTheFirstStepItIsNeverTheCommitsFault() {
        assertThat(hear(shutdown("true", "guest-reset"), CLOSED, KILLED))
                .contains(new VmEnd.HostFailed("the guest reset itself"));
    }

    private static Arguments when(VmEnd end, VmSignal... signals) {
        return Arguments.of(end, signals);
    }

    private static Stream<Arguments> shutdowns() {
        var left = new VmSignal.Exited(0, "no message");
        var stopped = new VmSignal.Stopped("shutdown");
        return Stream.of(
                when(
                        new VmEnd.GuestDied("the guest powered off"),
                        shutdown("true", "guest-shutdown"),
                        stopped,
                        TORN,
                        CLOSED,
                        left),
                when(
                        new VmEnd.GuestDied("the guest reset itself"),
                        shutdown("true", "guest-reset"),
                        stopped,
                        TORN,
                        CLOSED,
                        left),
                when(
                        new VmEnd.GuestDied("the guest's kernel panicked"),
                        shutdown("true", "guest-panic"),
                        CLOSED,
                        left),
                when(
                        new VmEnd.HostFailed("QEMU shut down: host-signal"),
                        shutdown("false", "host-signal"),
                        CLOSED,
                        left));
    }

    private static Stream<Arguments> ends() {
        var late = new VmSignal.Late();
        var full =
                told(
                        "BLOCK_IO_ERROR",
                        "node-name=vdh",
                        "operation=write",
                        "nospace=true",
                        "reason=No space left on device");
        return Stream.of(
                when(
                        new VmEnd.HostFailed(
                                "the host's disk is full: drive vdh could not write: No space left"
                                        + " on device"),
                        full,
                        new VmSignal.Stopped("io-error"),
                        late),
                when(
                        new VmEnd.HostFailed("QEMU stopped the VM: internal-error"),
                        new VmSignal.Stopped("internal-error"),
                        late),
                when(
                        new VmEnd.GuestDied("the guest sent no valid record: ends inside a record"),
                        TORN,
                        late),
                when(
                        new VmEnd.Cancelled("a newer push"),
                        new VmSignal.CancelAsked("a newer push")));
    }

    @ParameterizedTest
    @MethodSource({"shutdowns", "ends"})
    void itsEndIsTheOneThatTheSignalsTellOfTogether(VmEnd end, VmSignal... signals) {
        running();

        assertThat(hear(signals)).contains(end);
    }

    @Test
    void eachStageHasItsLimit() {
        assertThat(watch.limit()).isEqualTo(Duration.ofSeconds(60));
        assertThat(new EndState(VmSpecs.plain(Path.of("/console"))).hear(new VmSignal.Late()))
                .contains(new VmEnd.HostFailed("the guest was not ready 60 s after its start"));

        running();

        assertThat(watch.limit()).isEqualTo(Duration.ofMinutes(10));
        assertThat(hear(new VmSignal.Late())).contains(new VmEnd.TimedOut(Duration.ofMinutes(10)));
    }

    @Test
    void eventsThatMeanNothingChangeNothing() {
        running();

        assertThat(
                        hear(
                                told("RESUME"),
                                told("RTC_CHANGE", "offset=0"),
                                told("RESET", "guest=false"),
                                new VmSignal.Stopped("running")))
                .isEmpty();
        assertThat(watch.stage()).isEqualTo(EndState.Stage.RUNNING);
    }
}
