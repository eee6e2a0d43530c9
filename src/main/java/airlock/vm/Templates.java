package airlock.vm;

import airlock.base.FullDisk;
import airlock.base.Trees;
import airlock.vm.QemuMonitor.QemuFailure;
import airlock.vm.QemuVmHost.QemuSetting;
import airlock.vm.Vm.VmTimes;
import airlock.vm.VmFiles.Origin;
import airlock.vm.VmFiles.Port;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The templates of one state directory: found or made when needed, discarded when damaged. Without
/// one a VM boots, so a failure here never fails a run.
///
/// **Threads**: any.
public final class Templates {
    private static final Logger LOG = LoggerFactory.getLogger(Templates.class);
    private static final String UNFINISHED = ".making";

    /// After this many failures to make one, or damages, its VMs boot until the next start.
    private static final int MOST_FAILURES = 3;

    private final Optional<Path> directory;
    private final Map<String, CompletableFuture<Optional<Template>>> known =
            new ConcurrentHashMap<>();
    private final Map<String, List<String>> problems = new ConcurrentHashMap<>();

    private final InstantSource clock;

    private Templates(Optional<Path> directory, InstantSource clock) {
        this.directory = directory;
        this.clock = clock;
    }

    /// None: all VMs boot.
    public static Templates none() {
        return new Templates(Optional.empty(), () -> Instant.EPOCH);
    }

    /// Those in a directory, which is made if it is missing; templates that a killed server left
    /// unfinished are removed. Nothing else may use it.
    ///
    /// @param clock for the time when one was used last
    public static Templates in(Path directory, InstantSource clock) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, VmFiles.PASSABLE);
        for (Path entry : entries(directory)) {
            if (entry.toString().endsWith(UNFINISHED)) {
                Trees.remove(entry);
            }
        }
        return new Templates(Optional.of(directory.toAbsolutePath()), clock);
    }

    private static List<Path> entries(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    /// The template for such a VM, made if it is missing, which takes about as long as a boot;
    /// empty if that failed.
    CompletableFuture<Optional<Template>> ask(QemuSetting setting, VmModel model)
            throws IOException {
        if (directory.isEmpty()) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        String key = Template.key(model, setting.accelerator());
        Path place = directory.orElseThrow().resolve(key);
        return known.computeIfAbsent(
                        key,
                        _ ->
                                CompletableFuture.supplyAsync(
                                        () -> foundOrMade(setting, model, place),
                                        // its own, so that an interrupted caller leaves no others
                                        // waiting
                                        Thread.ofVirtual().name("template-" + key)::start))
                .thenApply(
                        template -> {
                            template.ifPresent(this::used);
                            return template;
                        });
    }

    private Optional<Template> foundOrMade(QemuSetting setting, VmModel model, Path place) {
        String key = place.getFileName().toString();
        Path unfinished = place.resolveSibling(key + UNFINISHED);
        try {
            var template = new Template(place);
            if (Files.exists(place)) {
                var damage = template.damage();
                if (damage.isEmpty()) {
                    return Optional.of(template);
                }
                problem(key, "template %s is discarded: %s".formatted(key, damage.orElseThrow()));
                Trees.remove(place);
            }
            if (isGivenUp(key)) {
                return Optional.empty();
            }
            long start = System.nanoTime();
            Trees.remove(unfinished);
            new TemplateMaker(setting, "template-" + key, model).make(unfinished);
            Files.move(unfinished, place);
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            LOG.info("template {} made in {} ms", key, millis);
            return Optional.of(template);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            problem(
                    key,
                    "template %s can't be made, its VMs boot: %s"
                            .formatted(key, FullDisk.explained(e.toString(), place)));
        }
        tryToRemove(unfinished);
        if (!isGivenUp(key)) {
            known.remove(key);
        }
        return Optional.empty();
    }

    private static void tryToRemove(Path directory) {
        try {
            Trees.remove(directory);
        } catch (IOException e) {
            LOG.warn("cannot remove {}: {}", directory, e.toString());
        }
    }

    private boolean isGivenUp(String key) {
        return problems.getOrDefault(key, List.of()).size() >= MOST_FAILURES;
    }

    private void problem(String key, String what) {
        LOG.warn(what);
        problems.computeIfAbsent(key, _ -> new CopyOnWriteArrayList<>()).add(what);
    }

    public List<String> problems() {
        return problems.values().stream().flatMap(List::stream).toList();
    }

    private void used(Template template) {
        try {
            Files.setLastModifiedTime(template.directory(), FileTime.from(clock.instant()));
        } catch (IOException _) {
            // it is gone, and the VM that opens it will say so
        }
    }

    void discard(Template template, String why) {
        String key = template.directory().getFileName().toString();
        problem(key, "template %s is discarded, a VM of it boots: %s".formatted(key, why));
        remove(key, template);
    }

    private void remove(String key, Template template) {
        tryToRemove(template.directory()); // a running clone has its files open
        known.remove(key);
    }

    /// Checks a template whose clone ended in a way that damage could cause.
    void ended(Template template, VmEnd end) {
        switch (end) {
            case VmEnd.HostFailed _, VmEnd.GuestDied _ -> {
                var damage = template.damage();
                if (damage.isPresent()) {
                    discard(template, damage.orElseThrow());
                }
            }
            case VmEnd.Finished _, VmEnd.TimedOut _, VmEnd.Cancelled _, VmEnd.OverLimit _ -> {}
        }
    }

    /// Removes those that were not used for `age`.
    public void removeUnused(Duration age) throws IOException {
        if (directory.isEmpty()) {
            return;
        }
        long oldest = clock.millis() - age.toMillis();
        for (Path entry : entries(directory.orElseThrow())) {
            if (Files.getLastModifiedTime(entry).toMillis() < oldest) {
                LOG.info("template {} was not used for {} and goes", entry.getFileName(), age);
                remove(entry.getFileName().toString(), new Template(entry));
            }
        }
    }

    /// Boots a VM to its gate, in the same walls as any other, has it do a [Rehearsal], and saves
    /// it at its gate.
    static final class TemplateMaker {
        private static final Logger LOG = LoggerFactory.getLogger(TemplateMaker.class);
        private static final String READ_ONLY = "r--r--r--";

        private final QemuSetting setting;
        private final VmSpec spec;
        private final VmFiles files;
        private final Path ram;
        private final Path saved;

        /// @param name of the VM, see [VmSpec]
        TemplateMaker(QemuSetting setting, String name, VmModel model) {
            this.setting = setting;
            this.files = setting.files(name);
            Path directory = files.directory();
            this.spec = Rehearsal.templateSpec(name, model, directory.resolve("console"));
            this.ram = directory.resolve("ram");
            this.saved = directory.resolve("saved");
        }

        /// Makes it.
        ///
        /// @param directory gets its files; must not exist
        /// @throws IOException if it can't be made, with the reason
        void make(Path directory) throws IOException, InterruptedException {
            if (!make(directory, true)) {
                make(directory, false);
            }
        }

        /// @return false if the rehearsal failed; then nothing is made
        private boolean make(Path directory, boolean rehearsed)
                throws IOException, InterruptedException {
            try {
                var origin = new Origin.Making(ram, saved);
                Drives.make(spec, files, origin);
                var qemu = new QemuInstance(setting, spec, files, origin);
                try {
                    awaitGate(qemu);
                    if (rehearsed && !rehearse(qemu)) {
                        return false;
                    }
                    qemu.monitor().save(saved);
                    qemu.quit();
                } finally {
                    qemu.end();
                }
                keep(directory);
                return true;
            } finally {
                files.remove();
            }
        }

        private boolean rehearse(QemuInstance qemu) throws IOException, InterruptedException {
            try {
                var now = setting.clock().instant();
                Rehearsal.run(qemu.channel(Port.LOG), now, spec.limits().boot());
                return true;
            } catch (QemuFailure e) {
                LOG.info("a template is made without rehearsal: {}", e.why());
                return false;
            }
        }

        private void awaitGate(QemuInstance qemu) throws IOException, InterruptedException {
            qemu.load(new VmTimes.Stopwatch());
            var console = new ConsolePump(qemu.channel(Port.CONSOLE), spec.console(), 1 << 20);
            Thread.ofVirtual().name("template-console").start(console);
            qemu.monitor().run();
            var in = Channels.newInputStream(qemu.channel(Port.LOG));
            // an image's own kernel halts after a panic
            Supplier<Optional<String>> panic =
                    () -> console.panic().map(why -> "the guest's kernel panicked: " + why);
            try {
                var _ =
                        Rehearsal.read(() -> Rehearsal.ready(in), spec.bootTime(), panic)
                                .orElseThrow(() -> new QemuFailure("it took too long"));
            } catch (QemuFailure e) {
                throw new IOException(
                        "the guest was not ready in %d s: %s; console: %s"
                                .formatted(
                                        spec.bootTime().toSeconds(), e.why(), console.lastLine()),
                        e);
            }
        }

        private void keep(Path directory) throws IOException, InterruptedException {
            var template = new Template(directory);
            VmFiles.makePassable(directory);
            Files.move(ram, template.ram());
            Files.move(saved, template.saved());
            Files.move(files.overlay(), template.disk());
            Drives.withoutHoles(files.drive(Drive.SCRATCH), template.scratch());
            Drives.overlay(template.blankDisk(), template.disk());
            Drives.overlay(template.blankScratch(), template.scratch());
            for (Path file : template.read()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(READ_ONLY));
            }
            template.seal();
        }
    }
}
