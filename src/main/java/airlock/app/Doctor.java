package airlock.app;

import airlock.backup.Restore;
import airlock.config.AirlockConfig;
import airlock.config.ReadyConfig;
import airlock.image.ImageException;
import airlock.store.Disk;
import airlock.vm.VmException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Looks whether this machine can do its work: each finding with its cure.
public final class Doctor {
    private final List<Finding> findings = new ArrayList<>();
    private final AirlockConfig config;
    private final InstantSource clock;

    public Doctor(AirlockConfig config, InstantSource clock) {
        this.config = config;
        this.clock = clock;
    }

    /// Looks at everything; the image and the accelerator only while no server uses the state.
    ///
    /// @param progress hears of long steps, a line each
    public List<Finding> look(Consumer<String> progress) throws InterruptedException {
        findings.addAll(HostChecks.here(new Disk(there(config.state()))).look(config));
        findings.addAll(new ForgeChecks(clock).look(config));
        findings.addAll(new ServerChecks(StateDirectory.controlSocket(config.state())).look());
        if (Restore.isUnfinished(config.state())) {
            findings.add(
                    Finding.bad(
                            "state",
                            "a restore into " + config.state() + " was interrupted",
                            "empty that directory and restore again"));
            return List.copyOf(findings);
        }
        try (var state = StateDirectory.lock(config.state())) {
            machine(state.path(), progress);
        } catch (AppException e) {
            findings.add(Finding.good("state", String.valueOf(e.getMessage())));
        }
        return List.copyOf(findings);
    }

    /// The directory, or the nearest above it that is there.
    private static Path there(Path directory) {
        Path there = directory;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    private void machine(Path state, Consumer<String> progress) throws InterruptedException {
        try (var images = Images.ready(config, "airlock doctor", clock, progress)) {
            findings.add(Finding.good("images", String.join(", ", config.images().keySet())));
            try (var hypervisor =
                    new Hypervisor(
                            config.accelerator(),
                            config.confinement(),
                            ReadyConfig.none(),
                            0,
                            state,
                            images.boot(config.defaultImage()),
                            clock)) {
                var found = hypervisor.accelerator();
                findings.add(Finding.good("accelerator", found.accelerator() + ": " + found.why()));
                findings.add(Finding.good("walls", hypervisor.walls()));
                findings.add(FetchWalls.tried(hypervisor, state).finding());
            }
        } catch (ImageException | VmException | AppException | IOException e) {
            findings.add(Finding.bad("machine", String.valueOf(e.getMessage()), "see the message"));
        }
    }
}
