package airlock.vm;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.phases.UstarFile;
import airlock.vm.BootFiles.Firmware;
import airlock.vm.Vm.VmTimes.Beginning;
import airlock.vm.VmSpec.DriveContent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk with its own boot loader boots once, and its clones are VMs like all others. The template
/// that these tests share takes a minute or two under emulation.
@Tag("vm")
class CloudImageInVmTest extends VmFixture {
    /// A plan phase: reads its source and its dependencies, writes artifacts and cache.
    private static final List<Step> PHASE =
            List.of(
                    step(new GuestStep.Unpack("/dev/vdc", "/ci/src", false)),
                    step(new GuestStep.Unpack("/dev/vdf", "/ci/deps", false)),
                    step(new GuestStep.Unpack("/dev/vde", "/ci/cache", false)),
                    shell(
                            "set -euo pipefail",
                            "read -r text <README",
                            "read -r dep </ci/deps/dep",
                            "[ ! -e /ci/cache/count ]",
                            "echo 1 >/ci/cache/count",
                            "for i in {1..2000}; do echo \"$i $text $dep\"; done >/ci/artifacts/out",
                            "touch -d @1000000000 /ci/cache/count /ci/artifacts/out",
                            "umask; pwd; echo \"$PATH\"; compgen -e"),
                    step(new GuestStep.Pack("/ci/cache", "/dev/vde")),
                    step(new GuestStep.Pack("/ci/artifacts", "/dev/vdd")));

    private static Templates templates = Templates.none();
    private static Optional<BootFiles> cloud = Optional.empty();

    @TempDir static Path shared;

    @BeforeAll
    static void imported() throws IOException, InterruptedException {
        templates = Templates.in(shared.resolve("templates"), InstantSource.system());
        cloud = Optional.of(CloudDisk.image(shared.resolve("images"), Firmware.UEFI).boot());
    }

    private static Step step(GuestStep what) {
        return new Step("drive", what, false);
    }

    @Override
    VmHost host() {
        return new QemuVmHost(TestMachine.setting(directory, templates));
    }

    @Override
    BootFiles boot() {
        return cloud.orElseThrow();
    }

    private String said(String... lines) throws InterruptedException {
        forget();
        var end = end(spec(shell(lines)));
        assertThat(end).as("%s %s", templates.problems(), output(2)).isEqualTo(PASSED);
        return output(1);
    }

    private static DriveContent file(String name, String text) {
        return new DriveContent.Bytes(
                UstarFile.archive(
                        List.of(
                                new UstarFile(
                                        name, 0644, text.getBytes(StandardCharsets.US_ASCII)))));
    }

    /// The phase's output, and the content of its two output drives.
    private List<Object> outputs(BootFiles boot) throws Exception {
        forget();
        var plain = of(boot, spec());
        var spec =
                new VmSpec(
                        plain.name(),
                        plain.model(),
                        PHASE,
                        Map.of(
                                Drive.SOURCE, file("README", "a source\n"),
                                Drive.DEPENDENCIES, file("dep", "a dependency\n")),
                        Set.of(Drive.ARTIFACTS, Drive.CACHE),
                        plain.console(),
                        plain.limits(),
                        plain.uplink());
        try (Vm vm = host().start(spec, this::add)) {
            var end = vm.await();
            assertThat(end)
                    .as("%s %s", templates.problems(), output(2))
                    .isInstanceOf(VmEnd.Finished.class);
            assertThat(((VmEnd.Finished) end).passed()).as(output(2)).isTrue();
            assertThat(vm.times().beginning()).isEqualTo(Beginning.CLONE);
            Path artifacts = directory.resolve("artifacts-" + plain.name());
            Path cache = directory.resolve("cache-" + plain.name());
            vm.take(Drive.ARTIFACTS, artifacts);
            vm.take(Drive.CACHE, cache);
            return List.of(
                    output(1),
                    Files.readString(artifacts, StandardCharsets.ISO_8859_1),
                    Files.readString(cache, StandardCharsets.ISO_8859_1));
        }
    }

    @Test
    void aPlanPhaseGivesTheSameAsOnTheImageOfARecipe() throws Exception {
        assertThat(outputs(boot())).isEqualTo(outputs(TestImage.boot()));
        assertThat(templates.problems()).isEmpty();
    }

    @Test
    void nothingOfItsOwnSystemRunsAndThereIsNoNetworkCard() throws Exception {
        var said =
                said(
                        "echo firmware $(test -d /sys/firmware/efi && echo uefi)",
                        "echo cards $(ls /sys/class/net)",
                        "echo first $(tr '\\0' ' ' </proc/1/cmdline | grep -c deserialize)",
                        "echo others $(for p in /proc/[0-9]*; do"
                                + " [ -n \"$(tr -d '\\0' <$p/cmdline)\" ] && cat $p/comm;"
                                + " done | sort -u)",
                        "echo mounts $(grep -cE ' (/etc/machine-id|/usr/[^ ]*) ' /proc/mounts)",
                        "echo panic $(cat /proc/sys/kernel/panic)",
                        "ls /ci",
                        "ls -A /run /tmp | grep -v airlock$ || :");

        assertThat(said.lines())
                .contains("firmware uefi", "cards lo", "first 1", "mounts 0", "panic -1")
                .contains("src", "deps", "cache", "artifacts", "secrets");
        assertThat(said.lines())
                .anyMatch(line -> line.matches("others( (systemd|bash|cat|sort|tr))+"));
    }

    @Test
    void aCloneHasANameOfItsOwnAndNothingOfTheOneBefore() throws Exception {
        String what =
                "cat /etc/machine-id; hostname || cat /proc/sys/kernel/hostname; ls /root/left 2>&1 || :";
        var first = said(what, "touch /root/left; echo $BASHPID >/etc/left; sync").lines().toList();
        var second = said(what, "ls /etc/left 2>&1 || :").lines().toList();

        assertThat(first.getFirst()).matches("[0-9a-f]{32}").isNotEqualTo("0".repeat(32));
        assertThat(second.getFirst()).matches("[0-9a-f]{32}").isNotEqualTo(first.getFirst());
        assertThat(second.get(1)).startsWith("airlock-").isNotEqualTo(first.get(1));
        assertThat(second.get(2)).contains("No such file");
        assertThat(second.get(3)).contains("No such file");
    }

    @Test
    void secretsReachItAndAnEndIsToldAsOfAnyOther() throws Exception {
        forget();
        var end =
                end(
                        with(
                                spec(
                                        step(
                                                new GuestStep.Unpack(
                                                        "/dev/vdg", "/ci/secrets", false)),
                                        shell("cat /ci/secrets/key; exit 3")),
                                Map.of(Drive.SECRETS, file("key", "a secret\n")),
                                spec().limits()));

        assertThat(end).isEqualTo(FAILED);
        assertThat(output(1)).isEqualTo("a secret\n");
        assertThat(ends().getLast()).isEqualTo(new GuestRecord.StepEnd.Exited(3));
        assertThat(end(spec(shell("echo c >/proc/sysrq-trigger; sleep 60"))))
                .isInstanceOf(VmEnd.GuestDied.class);
    }
}
