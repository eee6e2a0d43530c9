package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.config.Limits;
import airlock.event.Verdict;
import airlock.house.Programs;
import airlock.image.Image;
import airlock.image.ImageImports;
import airlock.image.ImageImports.Pull;
import airlock.image.ImageStore;
import airlock.image.OciFixture;
import airlock.image.Proof;
import airlock.image.Registry;
import airlock.local.LocalRun;
import airlock.local.LocalSettings;
import airlock.machine.GuestProgram;
import airlock.phases.PhaseParts;
import airlock.phases.PhaseShape;
import airlock.sandbox.Sandbox;
import airlock.vm.Accelerator;
import airlock.vm.BootFiles;
import airlock.vm.QemuSandbox;
import airlock.vm.QemuVmHost;
import airlock.vm.Templates;
import airlock.vm.TestImage;
import airlock.vm.VmModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Plans on images that were containers, in real machines.
@Tag("vm")
class ContainerImageInVmTest {
    private static final InstantSource CLOCK = InstantSource.system();

    @TempDir Path directory;
    private RealMachines machines;
    private ImageStore store;
    private Path checkout = Path.of("");
    private final HeardRun heard = new HeardRun();

    @BeforeEach
    void start() throws Exception {
        machines = RealMachines.booting(directory);
        store = new ImageStore(directory.resolve("images"), CLOCK);
        checkout = Files.createDirectory(directory.resolve("checkout"));
    }

    @AfterEach
    void stop() {
        machines.close();
    }

    private static Image kernel() {
        return new Image(Objects.requireNonNull(TestImage.boot().disk().getParent()));
    }

    private static OciFixture busybox() throws Exception {
        var program = new TarArchiveEntry("bin/busybox");
        program.setMode(0100755);
        return new OciFixture()
                .environment("MINE=of the image", "PATH=/opt/bin:/bin")
                .user("nobody")
                .layer(
                        new OciFixture.Layer()
                                .entry(program, Files.readAllBytes(Path.of("/usr/bin/busybox")))
                                .symlink("bin/sh", "busybox"));
    }

    private Image taken(OciFixture container) throws Exception {
        return new ImageImports(store, Sandbox.NONE)
                .file(
                        OciFixture.archive(container.oci(), directory.resolve("image.tar")),
                        "taken",
                        kernel(),
                        GuestProgram.find(),
                        Proof.NONE,
                        heard::note);
    }

    private LocalRun.Outcome run(Image image, String plan) throws Exception {
        Files.writeString(checkout.resolve(".airlock.yaml"), plan);
        var images =
                new PhaseParts.Images() {
                    @Override
                    public BootFiles boot(String name) {
                        return image.boot();
                    }

                    @Override
                    public Map<String, String> environment(String name) {
                        return image.facts().software().container().environment();
                    }
                };
        return new LocalRun(
                        Files.createTempDirectory(directory, "work"),
                        _ -> new LocalRun.Machine(machines.host(), images),
                        LocalSettings.NONE,
                        CLOCK)
                .run(checkout, heard);
    }

    @Test
    void oneWithNothingButAStaticBusyboxRunsWhatNeedsNoMore() throws Exception {
        var image = taken(busybox());

        var passed =
                run(
                        image,
                        """
                        pre_plan:
                          - action: shell
                            with: sh
                            shell: echo fetched > /ci/deps/got
                        plan:
                          - {action: mkdir, pathname: made}
                          - action: create_file
                            filename: made/file
                            content: here
                            overwrite: false
                          - action: shell
                            with: sh
                            shell: |
                              busybox cat /ci/deps/got made/file
                              echo "; MINE is $MINE, $PATH, in $PWD as $(busybox id -u)"
                        """);

        assertThat(passed).as(heard.toString()).isEqualTo(new LocalRun.Outcome(Verdict.PASSED, ""));
        assertThat(heard.log.toString())
                .contains(
                        "fetched\nhere",
                        "; MINE is of the image, /root/.cargo/bin:/opt/bin:/bin:",
                        ", in /ci/src as 0");
        assertThat(image.facts().software().user()).isEqualTo("nobody");

        var failed = run(image, "plan:\n  - {action: shell, shell: echo hello}\n");

        assertThat(failed.verdict()).isEqualTo(Verdict.FAILED);
        assertThat(failed.reason())
                .contains("\"echo hello\"", "needs /bin/bash, which the image has not", "with: sh");
        assertThat(heard.log.toString()).doesNotContain("hello\n");
    }

    @Test
    void itsTemplateIsMadeAllTheSame() throws Exception {
        var image = taken(busybox());
        var templates = Templates.in(directory.resolve("templates"), CLOCK);
        var host =
                new QemuVmHost(
                        new QemuVmHost.QemuSetting(
                                machines.vms(),
                                machines.memory(),
                                Accelerator.TCG,
                                QemuSandbox.detect(),
                                machines.launcher(),
                                CLOCK,
                                templates));

        host.prepare(new VmModel(image.boot(), PhaseShape.of(Limits.STANDARD)));

        assertThat(templates.problems()).isEmpty();
        try (var made = Files.list(directory.resolve("templates"))) {
            assertThat(made).hasSize(1);
        }
    }

    @Test
    void oneOfDebiansPackagesOutOfARegistryRunsAPlan() throws Exception {
        Path root = directory.resolve("root.tar");
        Programs.run(
                "mmdebstrap", "--variant=essential", "--format=tar", "trixie", root.toString());
        var container = new OciFixture().raw(Files.readAllBytes(root));
        Image image;
        try (var registry =
                new Registry(Files.createDirectory(directory.resolve("registry")), false)) {
            registry.push(container, "debian", "13");
            var pull = new Pull(registry.host() + "/debian:13", Optional.empty(), true);
            image =
                    new ImageImports(store, Sandbox.NONE)
                            .pull(pull, "debian", kernel(), GuestProgram.find(), heard::note);
        }

        var passed =
                run(
                        image,
                        "plan:\n  - {action: shell, shell: 'dpkg-query -W -f ok bash; stat -c %U"
                                + " /etc/passwd; tar --version'}\n");

        assertThat(passed).as(heard.toString()).isEqualTo(new LocalRun.Outcome(Verdict.PASSED, ""));
        assertThat(heard.log.toString()).contains("ok", "\nroot\n", "\ntar (GNU tar)");
    }
}
