package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// VMs that are clones keep the contract of all VMs, and share nothing that they should not.
@Tag("vm")
class ClonedVmHostTest extends VmHostContract {
    private static final Launcher LAUNCHER = new Launcher();
    private static Cage cage = new Cage(false, VmUsers.in(Path.of("/")), Map.of());

    @TempDir static Path shared;
    private static Templates templates = Templates.none();

    @BeforeAll
    static void tryTheWalls() throws InterruptedException {
        cage = Cage.detect();
    }

    @AfterAll
    static void close() {
        LAUNCHER.close();
    }

    /// A server that starts; templates stay.
    @BeforeEach
    void start() throws IOException {
        templates = Templates.in(shared.resolve("templates"), InstantSource.system());
    }

    @Override
    VmHost host() {
        return new QemuVmHost(setting());
    }

    private QemuVmHost.QemuSetting setting() {
        var vms = directory.resolve("vms");
        try {
            Files.createDirectories(vms);
        } catch (IOException e) {
            throw new VmException("cannot make " + vms, e);
        }
        return new QemuVmHost.QemuSetting(
                vms,
                MemoryPlace.of(directory, Optional.empty()),
                Accelerator.TCG,
                cage,
                LAUNCHER,
                InstantSource.system(),
                templates);
    }

    @Override
    BootFiles boot() {
        return TestImage.boot();
    }

    private Template template() throws IOException, InterruptedException {
        var spec = spec();
        return templates.of(setting(), spec.boot(), spec.shape()).orElseThrow();
    }

    private static final String IDENTITY =
            """
            cat /proc/sys/kernel/random/boot_id
            cat /proc/sys/kernel/random/uuid
            cat /etc/machine-id
            hostname
            head -c 16 /dev/urandom | od -An -tx1
            perl -e 'syscall(318, $b = "x" x 16, 16, 0); print unpack("H*", $b), "\\n"'
            grep -m1 stack /proc/self/maps | cut -d- -f1
            """;

    @Test
    void twoClonesHaveNothingInCommonByWhichTheyCouldBeTakenForOneAnother() throws Exception {
        assertThat(end(spec(shell(IDENTITY)))).isEqualTo(new VmEnd.Finished(true, Map.of()));
        var first = output(1).lines().toList();
        forget();
        assertThat(end(spec(shell(IDENTITY)))).isEqualTo(new VmEnd.Finished(true, Map.of()));
        var second = output(1).lines().toList();

        assertThat(first).hasSize(7).doesNotHaveDuplicates();
        assertThat(second).hasSize(7).doesNotContainAnyElementsOf(first);
        assertThat(templates.problems()).isEmpty();
    }

    @Test
    void aCloneWakesInThePresent() throws Exception {
        template();
        long before = Instant.now().getEpochSecond();

        assertThat(end(spec(shell("date +%s")))).isEqualTo(new VmEnd.Finished(true, Map.of()));

        assertThat(Long.parseLong(output(1).strip()))
                .isBetween(before, Instant.now().getEpochSecond());
    }

    /// From the first byte on, since a kernel that looks for partitions reads those first.
    @Test
    void eachCloneReadsItsOwnDrivesAndNothingOfTheTemplates() throws Exception {
        for (String letter : List.of("a", "b")) {
            byte[] content =
                    letter.repeat(1 << 20).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            var spec = spec(shell("head -c 1048576 /dev/vdc | tr -s ab"));
            var filled =
                    with(
                            spec,
                            Map.of(Drive.SOURCE, new DriveContent.Bytes(content)),
                            spec.limits());

            assertThat(end(filled)).isEqualTo(new VmEnd.Finished(true, Map.of()));
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

        assertThat(end(spec(writes))).isEqualTo(new VmEnd.Finished(true, Map.of()));
        forget();
        assertThat(end(spec(shell("ls /etc/left /ci/left /usr/left 2>/dev/null || :"))))
                .isEqualTo(new VmEnd.Finished(true, Map.of()));

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
        assertThat(end(spec(shell("echo hello")))).isEqualTo(new VmEnd.Finished(true, Map.of()));
        assertThat(output(1)).isEqualTo("hello\n");
        assertThat(templates.problems()).singleElement().asString().contains(why);
    }

    @Test
    void whereTheTemplateIsGoneTheVmBoots() throws Exception {
        VmFiles.remove(template().directory());

        bootsInstead("is thrown away, a VM of it boots");
    }

    @Test
    void whereItsMemoryIsCutTheVmBoots() throws Exception {
        cut(template().ram());

        bootsInstead("is thrown away, a VM of it boots");
    }

    @Test
    void whereItsStateIsCutTheVmBoots() throws Exception {
        cut(template().saved());

        bootsInstead("is thrown away, a VM of it boots");
    }

    @Test
    void aTemplateThatWasChangedIsMadeAnewByTheNextServer() throws Exception {
        flip(template().ram());
        start();

        assertThat(template().damage()).isEmpty();
        assertThat(templates.problems()).singleElement().asString().contains("is thrown away");
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
        templates.removeUnused(java.time.Duration.ofDays(1));
        assertThat(template.directory()).exists();
        Files.setLastModifiedTime(
                template.directory(),
                java.nio.file.attribute.FileTime.from(
                        Instant.now().minus(java.time.Duration.ofDays(2))));
        templates.removeUnused(java.time.Duration.ofDays(1));

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
