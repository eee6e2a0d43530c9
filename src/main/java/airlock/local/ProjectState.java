package airlock.local;

import airlock.base.Hash;
import airlock.event.CommitId;
import airlock.plan.DriveRules;
import airlock.results.Blob;
import airlock.vm.Drive;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// State of a project of Ambient's between runs, in its own directory: the archives
/// `artifacts.tar`, `cache.tar` and `dependencies.tar`, and `meta.yaml` with the commit that passed
/// last. Only passed runs change it.
final class ProjectState {
    private static final String META = "meta.yaml";
    private static final String COMMIT = "latest_commit";
    private static final String NEW = ".new";
    private static final int LARGEST_META = 4096;
    private static final int DIGITS = 32;
    private static final Pattern LINE = Pattern.compile("([a-z_]{1,20}): ([0-9a-f]{40,64})");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final String ARTIFACTS = DriveRules.word(Drive.ARTIFACTS);

    /// The outputs that the next run starts with.
    private static final List<String> STARTED_FROM =
            List.of(DriveRules.word(Drive.CACHE), DriveRules.word(Drive.DEPENDENCIES));

    private final Path directory;

    /// @param state the state directory
    /// @param project the project's name, any text
    ProjectState(Path state, String project) {
        this.directory = state.resolve("projects").resolve(called(project));
    }

    /// A unique file name that cannot leave the directory.
    private static String called(String project) {
        return PLAIN.matcher(project).matches()
                ? project
                : "_" + Hash.sha256(project).substring(0, DIGITS);
    }

    Path artifacts() {
        return file(ARTIFACTS);
    }

    private Path file(String name) {
        return directory.resolve(name + ".tar");
    }

    /// The commit of the last passed run; empty if its source was not a clean commit.
    Optional<CommitId> lastCommit() {
        return Optional.ofNullable(meta().get(COMMIT)).filter(CommitId::fits).map(CommitId::new);
    }

    /// Links what the next run starts with into `work`.
    Map<String, Blob> earlier(Path work) {
        var earlier = new LinkedHashMap<String, Blob>();
        var meta = meta();
        for (String name : STARTED_FROM) {
            String hash = meta.get(name);
            Path file = file(name);
            if (hash != null && Files.isRegularFile(file)) {
                try {
                    Path own = Files.createLink(work.resolve(name + ".earlier"), file);
                    earlier.put(name, new Blob(own, hash, Files.size(own), false));
                } catch (IOException e) {
                    throw new UncheckedIOException("cannot take " + file, e);
                }
            }
        }
        return earlier;
    }

    /// Keeps the outputs of a passed run.
    ///
    /// @param commit empty if the tree was not clean
    /// @param outputs by name, on the same file system
    void passed(Optional<CommitId> commit, Map<String, Blob> outputs) {
        var meta = new LinkedHashMap<>(meta());
        meta.remove(COMMIT);
        commit.ifPresent(id -> meta.put(COMMIT, id.hex()));
        try {
            Files.createDirectories(directory);
            if (!outputs.containsKey(ARTIFACTS)) {
                meta.remove(ARTIFACTS);
                Files.deleteIfExists(artifacts());
            }
            for (var output : outputs.entrySet()) {
                // outputs with the same bytes are one file
                Path link = directory.resolve(output.getKey() + NEW);
                Files.deleteIfExists(link);
                move(Files.createLink(link, output.getValue().file()), file(output.getKey()));
                meta.put(output.getKey(), output.getValue().sha256());
            }
            Path file = directory.resolve(META + NEW);
            Files.writeString(
                    file,
                    meta.entrySet().stream()
                            .map(entry -> entry.getKey() + ": " + entry.getValue() + "\n")
                            .collect(Collectors.joining()));
            move(file, directory.resolve(META));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot keep the outputs of a run in " + directory, e);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Ignores a missing file and invalid lines.
    private Map<String, String> meta() {
        var meta = new LinkedHashMap<String, String>();
        try (var in = Files.newInputStream(directory.resolve(META))) {
            new String(in.readNBytes(LARGEST_META), StandardCharsets.UTF_8)
                    .lines()
                    .map(LINE::matcher)
                    .filter(line -> line.matches())
                    .forEach(line -> meta.put(line.group(1), line.group(2)));
        } catch (NoSuchFileException _) {
            return meta;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + directory.resolve(META), e);
        }
        return meta;
    }
}
