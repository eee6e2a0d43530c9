package airlock.doctor;

import airlock.backup.Restore;
import airlock.base.FileFaults;
import airlock.machine.Finding;
import airlock.machine.StateDirectory.StateOwner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Checks of the state directory that only read.
record StateChecks(Path state) {
    private static final String WHAT = "state";
    private static final Path SELF = Path.of("/proc/self");
    private static final Integer ROOT = 0;

    /// File systems in which no directory can be made.
    private static final Set<String> PSEUDO = Set.of("proc", "sysfs", "cgroup2", "devpts");

    Finding look() {
        try {
            if (Files.notExists(state)) {
                return missing();
            }
            if (Files.isSymbolicLink(state) || !Files.isDirectory(state)) {
                return unusable(
                        state
                                + (Files.isSymbolicLink(state)
                                        ? " is a link"
                                        : " is not a directory"));
            }
            return StateOwner.stranger(state)
                    .map(StateChecks::stranger)
                    .or(this::unfinished)
                    .or(() -> forbidden(state))
                    .orElseGet(this::inside);
        } catch (IOException e) {
            return unusable(FileFaults.words(e));
        }
    }

    private static Finding stranger(StateOwner.Stranger why) {
        return Finding.warning(
                WHAT,
                why.seen() + ", so images, walls, KVM and fetching were not tried",
                "look as " + why.owner() + ", too: " + why.command().replace("…", "doctor"));
    }

    private Optional<Finding> unfinished() {
        return Restore.isUnfinished(state)
                ? Optional.of(
                        Finding.bad(
                                WHAT,
                                "a restore into " + state + " was interrupted",
                                "empty that directory and restore again"))
                : Optional.empty();
    }

    private Finding missing() throws IOException {
        Path there = nearest(state);
        if (!Files.isDirectory(there)) {
            return unusable(there + " is not a directory");
        }
        if (PSEUDO.contains(Files.getFileStore(there).type())) {
            return unusable("no directory can be made in " + there);
        }
        return forbidden(there)
                .orElseGet(() -> Finding.good(WHAT, state + " is not there yet; `serve` makes it"));
    }

    private Optional<Finding> forbidden(Path directory) {
        return Files.isWritable(directory)
                ? Optional.empty()
                : Optional.of(
                        unusable(
                                System.getProperty("user.name")
                                        + " may not write to "
                                        + directory));
    }

    private Finding inside() {
        try (Stream<Path> entries = Files.list(state)) {
            Object self = Files.getAttribute(SELF, "unix:uid");
            // root's state has files of the users that VMs and fetch processes run as
            String others =
                    self.equals(ROOT)
                            ? ""
                            : entries.filter(entry -> !self.equals(uid(entry)))
                                    .map(entry -> String.valueOf(entry.getFileName()))
                                    .sorted()
                                    .collect(Collectors.joining(", "));
            return others.isEmpty()
                    ? Finding.good(WHAT, state.toString())
                    : Finding.bad(
                            WHAT,
                            "not everything in %s belongs to %s: %s"
                                    .formatted(state, System.getProperty("user.name"), others),
                            "as root: chown -R %s: %s"
                                    .formatted(System.getProperty("user.name"), state));
        } catch (IOException e) {
            return unusable(FileFaults.words(e));
        }
    }

    private static Object uid(Path entry) {
        try {
            return Files.getAttribute(entry, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException _) {
            return ROOT; // removed meanwhile, or not readable
        }
    }

    private Finding unusable(String why) {
        return Finding.bad(
                WHAT,
                "the directory %s can't be used: %s".formatted(state, why),
                "set `state` to a directory that %s may write, or make it: install -d -m 700 -o %s %s"
                        .formatted(
                                System.getProperty("user.name"),
                                System.getProperty("user.name"),
                                state));
    }

    /// The directory, or its nearest parent that exists.
    static Path nearest(Path directory) {
        Path there = directory;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }
}
