package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.vm.VmLeftovers.RunMarker;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// VMs that waited as ready clones keep the contract of all VMs, and nothing of their rehearsal is
/// left.
@Tag("vm")
class ReadyVmHostTest extends VmHostContract {
    private static final Duration LONGEST = Duration.ofMinutes(2);
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static Templates templates = Templates.none();

    @TempDir static Path shared;

    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);
    private ReadyClones ready;

    @BeforeAll
    static void haveTemplates() throws IOException {
        templates = Templates.in(shared.resolve("templates"), InstantSource.system());
    }

    @BeforeEach
    void start() {
        keep(boot(), HOUR);
    }

    private void keep(BootFiles boot, Duration age) {
        var policy = new ReadyClones.Policy(1, age, 1L << 30);
        ready = new ReadyClones(setting(), policy, free::get);
        ready.keep(new ReadyClones.Kind(new VmModel(boot, spec().shape()), LONGEST));
    }

    @AfterEach
    void nothingIsLeftWhenTheServerStops() throws Exception {
        ready.end();
        assertThat(vms()).isEmpty();
        assertThat(templates.problems()).isEmpty();
    }

    @Override
    VmHost host() {
        awaitOne();
        return new QemuVmHost(setting(), ready);
    }

    private void awaitOne() {
        await("a clone waits").atMost(SOON).until(() -> ready.waiting() == 1);
    }

    private QemuVmHost.QemuSetting setting() {
        return TestMachine.setting(directory, templates);
    }

    private List<Path> vms() throws IOException {
        try (Stream<Path> entries = Files.list(directory.resolve("vms"))) {
            return entries.toList();
        }
    }

    /// Runs it on a ready clone; returns its output.
    private String said(VmSpec spec) throws Exception {
        forget();
        long before = ready.handedOut();
        assertThat(end(spec)).isEqualTo(PASSED);
        assertThat(ready.handedOut()).as("a ready clone was used").isEqualTo(before + 1);
        return output(1);
    }

    @Test
    void twoThatWaitedHaveNothingInCommonByWhichTheyCouldBeTakenForOneAnother() throws Exception {
        var first = said(spec(shell(ClonedVmHostTest.IDENTITY))).lines().toList();
        var second = said(spec(shell(ClonedVmHostTest.IDENTITY))).lines().toList();

        assertThat(first).hasSize(7).doesNotHaveDuplicates();
        assertThat(second).hasSize(7).doesNotContainAnyElementsOf(first);
    }

    @Test
    void oneThatWaitedWakesInThePresent() throws Exception {
        awaitOne();
        long before = Instant.now().getEpochSecond();

        long told = Long.parseLong(said(spec(shell("date +%s"))).strip());

        assertThat(told).isBetween(before, Instant.now().getEpochSecond());
    }

    @Test
    void eachReadsItsOwnDrivesAndNothingThatWasThereWhileItWaited() throws Exception {
        for (String letter : List.of("a", "b")) {
            byte[] content = letter.repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            var spec = spec(shell("head -c 1048576 /dev/vdc | tr -s ab"));
            var input = new DriveContent.Bytes(content);

            assertThat(said(with(spec, Map.of(Drive.SOURCE, input), spec.limits())))
                    .isEqualTo(letter);
        }
    }

    /// Beside a VM that booted and so never had one.
    @Test
    void aRehearsalLeavesNothingBehind() throws Exception {
        var look =
                shell(
                        "cd /; find ci dev etc home root run srv tmp usr/local var -xdev"
                                + " ! -path etc/machine-id -printf '%p %y %m %u %s\\n' | sort",
                        // devtmpfs is as large as memory was at boot, give or take a page
                        "sed -E '/^devtmpfs/s/(size|nr_inodes)=[0-9k]+,//g' /proc/mounts | sort",
                        "id -u; ulimit -a; cat /proc/1/cmdline",
                        "grep -E '^(Umask|Uid|Cap|Sig[BIC])' /proc/1/status; ls /proc/1/fd",
                        "for d in c d e f g; do head -c 1048576 /dev/vd$d | cksum; done");
        var small = new DriveContent.Bytes(new byte[1]);
        var spec = spec(look);
        String rehearsed = said(with(spec, Map.of(Drive.SECRETS, small), spec.limits()));
        forget();
        var booted = TestMachine.setting(directory, Templates.none());
        try (Vm vm = new QemuVmHost(booted).start(spec(look), this::add)) {
            assertThat(vm.await()).isEqualTo(PASSED);
        }

        assertThat(rehearsed.lines().toList())
                .containsExactlyElementsOf(output(1).lines().toList());
    }

    @Test
    void oneWhoseQemuEndedIsNoVm() throws Exception {
        awaitOne();
        Path waits = vms().getFirst();
        RunMarker.read(waits).flatMap(RunMarker::process).orElseThrow().destroyForcibly();

        assertThat(end(spec(shell("echo hello")))).isEqualTo(PASSED);
        assertThat(output(1)).isEqualTo("hello\n");
        await("what is left of it goes").until(() -> !Files.exists(waits));
    }

    @Test
    void oneThatGrewOldIsReplaced() throws Exception {
        ready.end();
        keep(boot(), Duration.ofMillis(1));
        awaitOne();
        Path old = vms().getFirst();

        await("it is given back").atMost(SOON).until(() -> !Files.exists(old));
        awaitOne();
    }

    @Test
    void whereTheDiskIsShortNoneIsMadeUntilThereIsRoom() throws Exception {
        ready.end();
        var room = new AtomicBoolean();
        var looks = new AtomicInteger();
        var spare =
                new ReadyClones.Spare() {
                    @Override
                    public long memory() {
                        return Long.MAX_VALUE;
                    }

                    @Override
                    public boolean hasRoom() {
                        looks.incrementAndGet();
                        return room.get();
                    }
                };
        ready = new ReadyClones(setting(), new ReadyClones.Policy(1, HOUR, 0), spare);
        ready.keep(new ReadyClones.Kind(spec().model(), LONGEST));
        await("it is looked for room").atMost(SOON).until(() -> looks.get() >= 3);

        assertThat(ready.waiting()).isZero();
        assertThat(vms()).isEmpty();
        room.set(true);
        awaitOne();
    }

    @Test
    void whereMemoryIsShortTheyAreGivenBackAndNoneIsMade() throws Exception {
        awaitOne();
        var process = RunMarker.read(vms().getFirst()).flatMap(RunMarker::process).orElseThrow();
        free.set(1L << 29);

        await("it is given back").atMost(SOON).until(() -> vms().isEmpty());
        assertThat(QemuProcess.isOver(process)).isTrue();
        assertThat(ready.waiting()).isZero();
    }

    @Test
    void oneThatFailsItsRehearsalIsNeverAVm() throws Exception {
        ready.end();
        var boot = OldGate.of(boot(), directory);
        keep(boot, HOUR);

        await("no more are made").atMost(SOON).until(() -> !ready.problems().isEmpty());
        assertThat(ready.problems()).singleElement().asString().contains("does not understand");
        var spec = of(boot, spec(shell("echo hello")));
        try (Vm vm = new QemuVmHost(setting(), ready).start(spec, this::add)) {
            assertThat(vm.await()).isEqualTo(PASSED);
        }
        assertThat(output(1)).isEqualTo("hello\n");
        assertThat(ready.handedOut()).isZero();
    }
}
