package airlock.vm;

import airlock.base.FullDisk;
import airlock.base.Trees;
import airlock.vm.QemuVmHost.QemuSetting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
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
        problems.compute(
                key,
                (_, before) -> {
                    var all = new ArrayList<>(before == null ? List.of() : before);
                    all.add(what);
                    return List.copyOf(all);
                });
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
}
