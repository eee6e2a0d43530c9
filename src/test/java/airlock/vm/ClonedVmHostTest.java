package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.base.Trees;
import airlock.vm.Vm.VmTimes;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Clones share no state, and a bad template fails no run.
@Tag("vm")
class ClonedVmHostTest extends VmFixture {
    @TempDir static Path shared;
    private static Templates templates = Templates.none();

    /// As when a server starts: templates stay.
    @BeforeEach
    void start() throws IOException {
        templates = Templates.in(shared.resolve("templates"), InstantSource.system());
    }

    @Override
    VmHost host() {
        return new QemuVmHost(setting());
    }

    private QemuVmHost.QemuSetting setting() {
        return TestMachine.setting(directory, templates);
    }

    private Template template() throws Exception {
        var spec = spec();
        return templates.ask(setting(), spec.model()).get().orElseThrow();
    }

    /// Prints everything that must differ between any two clones.
    static final String IDENTITY =
            """
            cat /proc/sys/kernel/random/boot_id
            cat /proc/sys/kernel/random/uuid
            cat /etc/machine-id
            hostname
            head -c 16 /dev/urandom | od -An -tx1
            perl -e 'syscall(318, $b = "x" x 16, 16, 0); print unpack("H*", $b), "\\n"'
            grep -m1 stack /proc/self/maps | cut -d- -f1
            """;

    /// Records that root in a VM sends instead of the guest program, over the program's own port.
    enum Lie {
        ENDLESS_RECORDS(
                "$r = pack('VCVQ<Ca', 14, 3, 0, 1e9, 1, 'x'); while (1) { syswrite P, $r }"),
        A_GIGABYTE("syswrite P, pack('VC', 1 << 30, 3); while (1) { syswrite P, 'x' x 65536 }"),
        RUBBISH("open R, '</dev/urandom'; while (1) { sysread R, $r, 65536; syswrite P, $r }"),
        AN_OUTPUT_LARGER_THAN_ITS_SLOT(
                "syswrite P, pack('VCVQ<CVQQQv', 43, 4, 0, 1e9, 0, 0, 0, 0, 0, 0);syswrite P,"
                        + " pack('VCQ<CCvA8Q<', 28, 5, 2e9, 1, 1, 8, '/dev/vdd', 1 << 50)"),
        A_VERDICT(
                "syswrite P, pack('VCVQ<CVQQQv', 43, 4, 0, 1e9, 0, 0, 0, 0, 0, 0);"
                        + "syswrite P, pack('VCQ<CC', 10, 5, 2e9, 1, 0)");

        private final String perl;

        Lie(String perl) {
            this.perl = perl;
        }
    }

    private static Step sending(Lie lie) {
        return shell(
                "cat > /tmp/lie.pl <<'EOF'",
                "opendir D, '/proc/1/fd';",
                "for (readdir D) { $n = $_ if (readlink(\"/proc/1/fd/$_\") // '') =~ /vport/ }",
                "$pidfd = syscall(434, 1, 0); # pidfd_open, then pidfd_getfd",
                "$fd = syscall(438, $pidfd, $n + 0, 0);",
                "die \"no port: $!\" if $fd < 0;",
                "open P, '>&=', $fd; binmode P;",
                lie.perl + ";",
                "EOF",
                "perl /tmp/lie.pl",
                "sleep infinity");
    }

    @ParameterizedTest
    @EnumSource
    void rootThatTakesThePortForItselfDecidesNothingButItsOwnEnd(Lie lie) throws Exception {
        var spec = limited(spec(sending(lie)), Duration.ofMinutes(1), 1 << 20);
        var end = end(spec);

        switch (lie) {
            case ENDLESS_RECORDS -> assertThat(end).isInstanceOf(VmEnd.OverLimit.class);
            case A_GIGABYTE -> assertThat(end.toString()).contains("a record of 1073741824 bytes");
            case RUBBISH -> assertThat(end.toString()).contains("the guest sent no valid record");
            case AN_OUTPUT_LARGER_THAN_ITS_SLOT ->
                    assertThat(end).isInstanceOf(VmEnd.GuestDied.class);
            case A_VERDICT -> assertThat(end).isEqualTo(PASSED);
        }
        assertThat(output(2)).as("perl").doesNotContain("no port");
        assertThat(end(spec(shell("true")))).isEqualTo(PASSED);
    }

    @Test
    void twoClonesHaveNothingInCommonByWhichTheyCouldBeTakenForOneAnother() throws Exception {
        assertThat(end(spec(shell(IDENTITY)))).isEqualTo(PASSED);
        var first = output(1).lines().toList();
        forget();
        assertThat(end(spec(shell(IDENTITY)))).isEqualTo(PASSED);
        var second = output(1).lines().toList();

        assertThat(first).hasSize(7).doesNotHaveDuplicates();
        assertThat(second).hasSize(7).doesNotContainAnyElementsOf(first);
        assertThat(templates.problems()).isEmpty();
    }

    @Test
    void whoWaitsForATemplateCanBeCancelledAndTheNextOneHasIt() throws Exception {
        templates = Templates.in(directory.resolve("templates"), InstantSource.system());
        try (Vm vm = host().start(spec(shell("true")), _ -> {})) {
            vm.cancel("not wanted any more");

            assertThat(vm.await()).isEqualTo(new VmEnd.Cancelled("not wanted any more"));
        }
        assertThat(template().damage()).isEmpty();
    }

    @Test
    void aTemplateWhoseGuestCanNotRehearseIsSavedAsItBooted() throws Exception {
        templates = Templates.in(directory.resolve("templates"), InstantSource.system());
        var boot = OldGate.of(boot(), directory);
        var spec = of(boot, spec(shell("echo hello")));

        try (Vm vm = host().start(spec, this::add)) {
            assertThat(vm.await()).isEqualTo(PASSED);
            assertThat(vm.times().beginning()).isEqualTo(VmTimes.Beginning.CLONE);
        }
        assertThat(output(1)).isEqualTo("hello\n");
        assertThat(templates.problems()).isEmpty();
    }

    @Test
    void aCloneWakesInThePresent() throws Exception {
        template();
        long before = Instant.now().getEpochSecond();

        assertThat(end(spec(shell("date +%s")))).isEqualTo(PASSED);

        assertThat(Long.parseLong(output(1).strip()))
                .isBetween(before, Instant.now().getEpochSecond());
    }

    /// From the first byte on, since a kernel that looks for partitions reads those first.
    @Test
    void eachCloneReadsItsOwnDrivesAndNothingOfTheTemplates() throws Exception {
        for (String letter : List.of("a", "b")) {
            byte[] content = letter.repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            var spec = spec(shell("head -c 1048576 /dev/vdc | tr -s ab"));
            var filled =
                    with(
                            spec,
                            Map.of(Drive.SOURCE, new DriveContent.Bytes(content)),
                            spec.limits());

            assertThat(end(filled)).isEqualTo(PASSED);
            assertThat(output(1)).isEqualTo(letter);
            forget();
        }
    }

    @Test
    void whatACloneWritesIsGoneInTheNextAndTheTemplateStaysAsItWas() throws Exception {
        var template = template();
        var writes =
                shell(
                        "echo here | tee /etc/left /ci/left /usr/left",
                        "sync",
                        "echo 3 > /proc/sys/vm/drop_caches");

        assertThat(end(spec(writes))).isEqualTo(PASSED);
        forget();
        assertThat(end(spec(shell("ls /etc/left /ci/left /usr/left 2>/dev/null || :"))))
                .isEqualTo(PASSED);

        assertThat(output(1)).isEmpty();
        assertThat(template.damage()).isEmpty();
    }

    @Test
    void aTemplateIsMadeOnceAndFoundAgainByTheNextServer() throws Exception {
        var made = Files.getLastModifiedTime(template().ram());
        start();

        assertThat(Files.getLastModifiedTime(template().ram())).isEqualTo(made);
        assertThat(templates.problems()).isEmpty();
    }

    private void bootsInstead(String why) throws Exception {
        assertThat(end(spec(shell("echo hello")))).isEqualTo(PASSED);
        assertThat(output(1)).isEqualTo("hello\n");
        assertThat(templates.problems()).singleElement().asString().contains(why);
    }

    @ParameterizedTest
    @EnumSource(names = {"IT_IS_REMOVED", "ITS_MEMORY_IS_CUT", "ITS_STATE_IS_CUT"})
    void withoutAUsableTemplateTheVmBoots(Harm harm) throws Exception {
        harm(template(), harm);

        bootsInstead("is discarded, a VM of it boots");
    }

    enum Harm {
        IT_IS_REMOVED,
        ITS_MEMORY_IS_CUT,
        ITS_MEMORY_IS_CHANGED,
        ITS_STATE_IS_CUT,
        ITS_DISK_IS_CUT
    }

    @Tag("soak")
    @ParameterizedTest
    @EnumSource
    void aTemplateThatIsHarmedWhileItsCloneRunsHarmsTwoVmsAtMost(Harm harm) throws Exception {
        templates = Templates.in(directory.resolve("templates"), InstantSource.system());
        var template = template();
        var began = new CountDownLatch(1);
        VmEnd end;
        try (Vm vm =
                host().start(
                                spec(
                                        shell(
                                                "for i in 1 2 3; do ls -lR / > /dev/null 2>&1;"
                                                        + " done; :")),
                                record -> {
                                    if (record instanceof GuestRecord.StepStarted) {
                                        began.countDown();
                                    }
                                })) {
            assertThat(began.await(1, TimeUnit.MINUTES)).isTrue();
            harm(template, harm);
            end = vm.await();
        }
        if (harm == Harm.IT_IS_REMOVED) {
            assertThat(end).isEqualTo(PASSED);
        }
        // the one after it may find out; a phase is tried twice
        end(spec(shell("true")));
        forget();
        assertThat(end(spec(shell("echo hello")))).isEqualTo(PASSED);
        assertThat(output(1)).isEqualTo("hello\n");
    }

    @Test
    void aTemplateThatWasChangedIsMadeAnewByTheNextServer() throws Exception {
        flip(template().ram());
        start();

        assertThat(template().damage()).isEmpty();
        assertThat(templates.problems()).singleElement().asString().contains("is discarded");
    }

    @Test
    void whatAKilledServerLeftHalfMadeIsRemoved() throws Exception {
        var half = Files.createDirectory(shared.resolve("templates/0123456789abcdef.making"));
        Files.writeString(half.resolve("ram"), "x");
        start();

        assertThat(half).doesNotExist();
    }

    @Test
    void oneThatNobodyUsedForLongIsRemoved() throws Exception {
        var template = template();
        templates.removeUnused(Duration.ofDays(1));
        assertThat(template.directory()).exists();
        Files.setLastModifiedTime(
                template.directory(), FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        templates.removeUnused(Duration.ofDays(1));

        assertThat(template.directory()).doesNotExist();
    }

    @Test
    void nobodyButItsOwnerCanWriteATemplate() throws Exception {
        try (Stream<Path> files = Files.list(template().directory())) {
            assertThat(files)
                    .allSatisfy(
                            file ->
                                    assertThat(
                                                    PosixFilePermissions.toString(
                                                            Files.getPosixFilePermissions(file)))
                                            .matches("r.-r.-r.-|rw-r--r--|rw-------"));
        }
    }

    private static void harm(Template template, Harm harm) throws IOException {
        switch (harm) {
            case IT_IS_REMOVED -> Trees.remove(template.directory());
            case ITS_MEMORY_IS_CUT -> cut(template.ram());
            case ITS_MEMORY_IS_CHANGED -> flip(template.ram());
            case ITS_STATE_IS_CUT -> cut(template.saved());
            case ITS_DISK_IS_CUT -> cut(template.scratch());
        }
    }

    private static void cut(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }

    private static void flip(Path file) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (var channel =
                FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            var one = ByteBuffer.allocate(1);
            long at = channel.size() / 3;
            channel.read(one, at);
            one.put(0, (byte) (one.get(0) ^ 4)).flip();
            channel.write(one, at);
        }
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    }
}
