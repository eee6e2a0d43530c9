package airlock.doctor;

import airlock.base.FileFaults;
import airlock.base.Trees;
import airlock.config.AirlockConfig;
import airlock.config.ImageConfig;
import airlock.image.Image;
import airlock.image.ImageException;
import airlock.image.Recipe;
import airlock.image.StoreListing.Stored;
import airlock.machine.AppException;
import airlock.machine.FetchSandbox;
import airlock.machine.Finding;
import airlock.machine.GuestProgram;
import airlock.machine.Hypervisor.ConfinementCheck;
import airlock.machine.Images;
import airlock.sandbox.Launcher;
import airlock.source.ProcessFetcher;
import airlock.vm.Accelerator;
import airlock.vm.BootFiles;
import airlock.vm.KvmProbe;
import airlock.vm.MemoryPlace;
import airlock.vm.QemuSandbox;
import airlock.vm.QemuVersion;
import airlock.vm.QemuVmHost;
import airlock.vm.Templates;
import airlock.vm.ToolSandbox;
import airlock.vm.VmException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Checks that try things out: images, walls, KVM and fetching. They write only to a temporary
/// directory, so they change no state and do not disturb a running server.
///
/// @param progress receives a line before each slow step
record MachineChecks(AirlockConfig config, InstantSource clock, Consumer<String> progress) {
    private static final String REMEMBERED = "accelerator";

    List<Finding> look() throws InterruptedException {
        var findings = new ArrayList<Finding>();
        config.images().values().forEach(image -> findings.add(image(image)));
        try {
            Path own = Files.createTempDirectory("airlock-doctor");
            try (var launcher = new Launcher()) {
                tryOut(own, launcher, findings);
            } finally {
                Trees.remove(own);
            }
        } catch (VmException | AppException e) {
            findings.add(Finding.bad("walls", String.valueOf(e.getMessage()), "see the message"));
        } catch (IOException e) {
            findings.add(
                    Finding.bad(
                            "machine",
                            FileFaults.words(e),
                            "make room for a small directory in "
                                    + System.getProperty("java.io.tmpdir")));
        }
        return findings;
    }

    private void tryOut(Path own, Launcher launcher, List<Finding> findings)
            throws IOException, InterruptedException {
        var cage = QemuSandbox.detect(config.confinement().qemuMemory());
        findings.add(walls(cage));
        findings.add(accelerator(cage, launcher, own));
        var walls = FetchSandbox.tried(writable -> new ToolSandbox(cage, launcher, writable), own);
        findings.add(walls.finding());
        if (!config.repositories().isEmpty()) {
            progress.accept("asking the git servers of the repositories");
            try (var fetcher = new ProcessFetcher(own, walls.sandbox(), FetchChecks.AT_ONCE, 0)) {
                findings.addAll(new FetchChecks(fetcher).look(config));
            }
        }
    }

    private Finding walls(QemuSandbox cage) throws InterruptedException {
        var installed = QemuVersion.installed();
        return ConfinementCheck.hindrance(config.confinement(), cage.confinement())
                .or(() -> ConfinementCheck.qemuHindrance(config.confinement(), installed))
                .map(why -> Finding.bad("walls", why, "see the message"))
                .orElseGet(() -> Finding.good("walls", cage.confinement().describe()));
    }

    private Finding image(ImageConfig image) {
        String what = "image " + image.name();
        try {
            return find(image)
                    .map(there -> Finding.good(what, "is there"))
                    .orElseGet(
                            () ->
                                    Finding.warning(
                                            what,
                                            "is not built",
                                            "`airlock image build` builds it; else the first start"
                                                    + " does, which deploy/airlock.service does not"
                                                    + " allow"));
        } catch (ImageException | AppException e) {
            return Finding.bad(what, String.valueOf(FileFaults.message(e)), "see the message");
        }
    }

    /// Empty if Airlock has not built it yet.
    private Optional<Image> find(ImageConfig image) {
        var store = Images.store(config.state(), clock);
        return switch (image) {
            case ImageConfig.Directory there -> Optional.of(Image.open(there.directory()));
            case ImageConfig.Kept kept ->
                    Optional.of(store.listing().named(kept.image())).map(Stored.Whole::image);
            case ImageConfig.BuiltIn own ->
                    store.find(Recipe.builtIn(own.recipe()), GuestProgram.find());
            case ImageConfig.RecipeFile own ->
                    store.find(Recipe.in(own.file()), GuestProgram.find());
        };
    }

    private Optional<BootFiles> boot() {
        var image = config.images().get(config.defaultImage());
        try {
            return image == null ? Optional.empty() : find(image).map(Image::boot);
        } catch (ImageException | AppException _) {
            return Optional.empty(); // reported as a finding of its own
        }
    }

    private Finding accelerator(QemuSandbox cage, Launcher launcher, Path own)
            throws IOException, InterruptedException {
        String what = "accelerator";
        var probe = new KvmProbe(own.resolve(REMEMBERED), cage);
        return switch (config.accelerator()) {
            case TCG -> Finding.good(what, "emulation, as configured");
            case KVM ->
                    probe.closed()
                            .map(found -> Finding.bad(what, found.why(), found.cure()))
                            .orElseGet(() -> Finding.good(what, "KVM, as configured"));
            case AUTO -> {
                var boot = boot();
                var closed = probe.closed();
                if (closed.isEmpty() && boot.isEmpty()) {
                    yield Finding.good(what, "/dev/kvm opens; it is tried once there is an image");
                }
                var found =
                        closed.isPresent()
                                ? closed.orElseThrow()
                                : booted(probe, cage, launcher, own, boot.orElseThrow());
                yield found.cure().isEmpty()
                        ? Finding.good(what, found.describe())
                        : Finding.warning(what, found.why(), found.cure());
            }
        };
    }

    /// Boots a kernel, unless the server has recorded the result already.
    private KvmProbe.Found booted(
            KvmProbe probe, QemuSandbox cage, Launcher launcher, Path own, BootFiles boot)
            throws IOException, InterruptedException {
        Path remembered = config.state().resolve(REMEMBERED);
        if (Files.isReadable(remembered)) {
            Files.copy(remembered, own.resolve(REMEMBERED));
        }
        progress.accept("looking whether KVM boots an image");
        Path memory = MemoryPlace.of(own, MemoryPlace.runtime(System.getenv()));
        Path vms = Files.createDirectory(own.resolve("vms"));
        try {
            return probe.find(kind -> host(kind, cage, launcher, vms, memory), boot);
        } finally {
            removeEmpty(memory);
        }
    }

    private QemuVmHost host(
            Accelerator kind, QemuSandbox cage, Launcher launcher, Path vms, Path memory) {
        return new QemuVmHost(
                new QemuVmHost.QemuSetting(
                        vms, memory, kind, cage, launcher, clock, Templates.none()));
    }

    private static void removeEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException _) {
            Trees.remove(directory);
        }
    }
}
