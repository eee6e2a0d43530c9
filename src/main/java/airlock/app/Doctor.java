package airlock.app;

import airlock.config.AirlockConfig;
import airlock.control.Command;
import airlock.control.ControlClient;
import airlock.control.ControlException;
import airlock.control.Reply;
import airlock.event.Texts;
import airlock.image.ImageException;
import airlock.vm.VmException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// Looks whether this machine can do its work: each finding with its cure.
public final class Doctor {
    private static final Map<String, String> PROGRAMS =
            new TreeMap<>(
                    Map.of(
                            "qemu-system-x86_64", "qemu-system-x86",
                            "qemu-img", "qemu-utils",
                            "bwrap", "bubblewrap",
                            "mke2fs", "e2fsprogs",
                            "prlimit", "util-linux",
                            "mmdebstrap", "mmdebstrap",
                            "bsdtar", "libarchive-tools"));

    /// One thing that was looked at.
    ///
    /// @param good whether it is as it should be
    /// @param cure what the operator can do; empty where nothing is to be done
    public record Finding(String what, boolean good, String seen, String cure) {}

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
        PROGRAMS.forEach(this::program);
        swap();
        sweeps();
        try (var state = StateDirectory.lock(config.state())) {
            machine(state.path(), progress);
        } catch (AppException e) {
            findings.add(new Finding("state", true, String.valueOf(e.getMessage()), ""));
        }
        return List.copyOf(findings);
    }

    private void program(String program, String debianPackage) {
        boolean there =
                List.of("/usr/bin", "/usr/sbin", "/bin", "/sbin").stream()
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        findings.add(
                new Finding(
                        program,
                        there,
                        there ? "found" : "missing",
                        there ? "" : "apt-get install " + debianPackage));
    }

    private void swap() {
        boolean off;
        try {
            off = Files.readAllLines(Path.of("/proc/swaps")).size() <= 1;
        } catch (java.io.IOException e) {
            off = true;
        }
        findings.add(
                new Finding(
                        "swap",
                        off,
                        off ? "off" : "on: secrets that lie in memory may reach the disk",
                        off ? "" : "swapoff -a, or encrypt the swap"));
    }

    /// Asks the running server, if there is one, what hinders sweeps.
    private void sweeps() {
        var socket = StateDirectory.controlSocket(config.state());
        if (!Files.exists(socket)) {
            return;
        }
        try {
            new ControlClient(socket)
                    .send(
                            new Command.SweepStates(),
                            reply -> {
                                if (reply instanceof Reply.Swept swept) {
                                    swept(swept);
                                }
                            });
        } catch (ControlException e) {
            findings.add(new Finding("sweeps", true, "not asked: " + e.getMessage(), ""));
        }
    }

    private void swept(Reply.Swept swept) {
        boolean good = swept.problem().isEmpty();
        findings.add(
                new Finding(
                        "sweep of " + swept.repository(),
                        good,
                        good ? "nothing hinders it" : Texts.line(swept.problem()),
                        good ? "" : "see the message; `airlock sweep` tries again at once"));
    }

    private void machine(Path state, Consumer<String> progress) throws InterruptedException {
        try {
            var images = Images.ready(config, progress);
            findings.add(
                    new Finding("images", true, String.join(", ", config.images().keySet()), ""));
            try (var hypervisor =
                    new Hypervisor(
                            config.accelerator(),
                            state,
                            images.boot(config.defaultImage()),
                            clock)) {
                var found = hypervisor.accelerator();
                findings.add(
                        new Finding(
                                "accelerator", true, found.accelerator() + ": " + found.why(), ""));
                findings.add(new Finding("walls", true, hypervisor.walls(), ""));
            }
        } catch (ImageException | VmException | AppException e) {
            findings.add(
                    new Finding(
                            "machine", false, String.valueOf(e.getMessage()), "see the message"));
        }
    }
}
