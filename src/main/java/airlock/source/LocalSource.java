package airlock.source;

import airlock.base.Trees;
import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.source.Packing.PlanFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.errors.MissingObjectException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.Ref;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/// Packs a directory in its current state, for `airlock run`: tracked and untracked files, without
/// those that `.gitignore` names. Its `.git` is never packed; a plan may get a fresh one with the
/// history of HEAD.
///
/// Reads the person's own repository in this process, with the person's own git configuration.
///
/// @param limits of the directory's content
public record LocalSource(SourceLimits limits) {
    private static final String HEAD = Constants.HEAD + "^{commit}";

    /// Packs `directory` into the new file `tar`, with as much history as `git` says for the plan
    /// files that exist; without history if there is no commit.
    ///
    /// @param planFiles paths as in [Wanted#planFiles()]
    /// @throws SourceException if a file can't be read or the tar can't be written
    public Local pack(
            Path directory,
            Path tar,
            List<String> planFiles,
            Function<List<CommitFile>, GitDepth> git) {
        try {
            List<CommitFile> files = planFiles(directory, planFiles);
            if (isRepository(directory)) {
                try (var repository = open(directory)) {
                    return pack(
                            DirectoryPacker.of(repository, directory),
                            tar,
                            files,
                            uncommitted(repository),
                            git(repository, git.apply(files)));
                }
            }
            return pack(DirectoryPacker.of(directory), tar, files, List.of(), Optional.empty());
        } catch (SourceException e) {
            if (e.isRefusal()) {
                return new Refused(String.valueOf(e.getMessage()));
            }
            throw e;
        } catch (MissingObjectException e) {
            return new Refused(
                    "the history of "
                            + directory
                            + " is not whole: "
                            + e.getMessage()
                            + GitPack.CURE);
        } catch (IOException | GitAPIException e) {
            throw new SourceException(
                    "the directory " + directory + " could not be packed into " + tar + ": " + e,
                    e);
        }
    }

    private static boolean isRepository(Path directory) {
        return Files.exists(directory.resolve(".git"));
    }

    private static Repository open(Path directory) throws IOException {
        return new FileRepositoryBuilder().setWorkTree(directory.toFile()).build();
    }

    /// The commit that `directory` is a clean checkout of; empty if it is not a git repository, or
    /// has no commit or uncommitted changes.
    public Optional<CommitId> cleanHead(Path directory) {
        if (!isRepository(directory)) {
            return Optional.empty();
        }
        try (var repository = open(directory)) {
            ObjectId head = repository.resolve(HEAD);
            return head == null || !uncommitted(repository).isEmpty()
                    ? Optional.empty()
                    : Optional.of(new CommitId(head.name()));
        } catch (IOException | GitAPIException e) {
            throw new SourceException("the repository " + directory + " can't be read: " + e, e);
        }
    }

    /// The URLs of the remotes of `directory`; empty if it is not a git repository.
    public List<String> remotes(Path directory) {
        if (!isRepository(directory)) {
            return List.of();
        }
        try (var repository = open(directory)) {
            var config = repository.getConfig();
            return config.getSubsections("remote").stream()
                    .flatMap(name -> Stream.of(config.getStringList("remote", name, "url")))
                    .toList();
        } catch (IOException e) {
            throw new SourceException("the repository " + directory + " can't be read: " + e, e);
        }
    }

    private Local pack(
            DirectoryPacker packer,
            Path tar,
            List<CommitFile> planFiles,
            List<String> uncommitted,
            Optional<GitFolder> git)
            throws IOException {
        Files.createFile(tar);
        var file = new HashedFile(tar);
        try (file) {
            var writer = new TarWriter(file, limits);
            Map<String, Long> lengths = git.isPresent() ? writer.keepLengths() : Map.of();
            packer.pack(writer);
            if (git.isPresent()) {
                uncommitted.forEach(lengths::remove);
                Path beside = tar.toAbsolutePath().resolveSibling("");
                Path work = Files.createTempDirectory(beside, ".git");
                try {
                    git.get().writeTo(writer, lengths, work);
                } finally {
                    Trees.remove(work);
                }
            }
            writer.finish();
        } catch (IOException | SourceException e) {
            Files.delete(tar);
            throw e;
        }
        return new Local.Packed(
                tar,
                file.sha256Hex(),
                Files.size(tar),
                planFiles,
                packer.submodules(),
                uncommitted,
                packer.skipped());
    }

    private static List<String> uncommitted(Repository repository) throws GitAPIException {
        // not closed: that would close the caller's repository
        Status status = Git.wrap(repository).status().call();
        var paths = new TreeSet<>(status.getUncommittedChanges());
        paths.addAll(status.getUntracked());
        return List.copyOf(paths);
    }

    /// Reads plan files of `directory` without packing anything.
    ///
    /// @throws SourceException if one can't be read
    public List<CommitFile> planFiles(Path directory, List<String> paths) {
        List<CommitFile> files = new ArrayList<>();
        try {
            for (String path : paths) {
                Optional<PlanFolder> folder = PlanFolder.of(path);
                if (folder.isPresent()) {
                    files.addAll(planFiles(directory, folder.get()));
                } else {
                    planFile(directory, path).ifPresent(files::add);
                }
            }
        } catch (IOException e) {
            throw new SourceException("the plans of " + directory + " can't be read: " + e, e);
        }
        return files;
    }

    private List<CommitFile> planFiles(Path directory, PlanFolder folder) throws IOException {
        Path place = directory.resolve(folder.path());
        if (Files.isSymbolicLink(place) || Files.isRegularFile(place)) {
            return List.of(
                    folder.insteadOf(Files.isSymbolicLink(place) ? "a symbolic link" : "a file"));
        }
        if (!Files.isDirectory(place)) {
            return List.of();
        }
        List<String> names;
        try (Stream<Path> all = Files.list(place)) {
            names =
                    all.map(file -> String.valueOf(file.getFileName()))
                            .filter(folder::has)
                            .sorted()
                            .limit(PlanFolder.MOST)
                            .toList();
        }
        List<CommitFile> files = new ArrayList<>();
        for (String name : names) {
            planFile(directory, folder.pathOf(name)).ifPresent(files::add);
        }
        return files;
    }

    private Optional<CommitFile> planFile(Path directory, String path) throws IOException {
        Path file = directory.resolve(path);
        if (Files.isSymbolicLink(file)) {
            return Optional.of(new CommitFile.NotAFile(path, "a symbolic link"));
        }
        if (Files.isDirectory(file)) {
            return Optional.of(new CommitFile.NotAFile(path, "a directory"));
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        long size = Files.size(file);
        return Optional.of(
                size > limits.planFileSize()
                        ? new CommitFile.TooLarge(path, size, limits.planFileSize())
                        : new CommitFile.Content(path, Files.readAllBytes(file)));
    }

    /// The `.git` for a packed checkout of a person: the history of HEAD, the current branch and
    /// the tags in that history. In the VM, staged changes are changes like any others. Empty if no
    /// `.git` is wanted, or there is no commit yet.
    private static Optional<GitFolder> git(Repository repository, GitDepth depth)
            throws IOException {
        ObjectId head = repository.resolve(HEAD);
        if (depth == GitDepth.NONE || head == null) {
            return Optional.empty();
        }
        String branch = Objects.requireNonNullElse(repository.getFullBranch(), "");
        var names = repository.getRefDatabase();
        List<Ref> tags = new ArrayList<>();
        for (Ref ref : names.getRefsByPrefix(GitTag.PREFIX)) {
            tags.add(names.peel(ref));
        }
        List<GitTag> near = GitTag.near(repository, depth, head, GitTag.among(tags, ""));
        return Optional.of(new GitFolder(repository, GitRefs.of(head, branch, near), depth));
    }

    /// The outcome of packing a directory.
    public sealed interface Local permits Local.Packed, Refused {
        /// It is packed.
        ///
        /// @param tar in the dialect of [Source#tar()]; a clean checkout gives the same bytes as
        ///     its commit
        /// @param sha256 the tar's SHA-256, 64 lower-case hex digits
        /// @param bytes the tar's length
        /// @param planFiles the wanted plan files that exist, in the order of the request
        /// @param submodules the paths of the submodules: empty directories in the tar
        /// @param uncommitted the paths of packed or deleted files that differ from the checked-out
        ///     commit, sorted; empty if the directory is not a git repository
        /// @param skipped the paths of sockets, pipes and devices
        record Packed(
                Path tar,
                String sha256,
                long bytes,
                List<CommitFile> planFiles,
                List<String> submodules,
                List<String> uncommitted,
                List<String> skipped)
                implements Local {
            public Packed {
                planFiles = List.copyOf(planFiles);
                submodules = List.copyOf(submodules);
                uncommitted = List.copyOf(uncommitted);
                skipped = List.copyOf(skipped);
            }
        }
    }
}
