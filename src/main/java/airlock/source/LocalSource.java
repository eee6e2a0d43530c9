package airlock.source;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.eclipse.jgit.api.Git;
import org.eclipse.jgit.api.Status;
import org.eclipse.jgit.api.errors.GitAPIException;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;

/// Packs a directory as it lies there, for a person's own `airlock run`: what git would track or
/// offer to, so without what `.gitignore` names, without `.git`, and with files that are not
/// committed.
///
/// It reads the person's own repository, in this process, with the person's own git
/// configuration.
///
/// @param limits what the directory may hold
public record LocalSource(SourceLimits limits) {

    /// Packs `directory` into the new file `tar`.
    ///
    /// @param planFiles the paths of the files whose content is wanted beside the tar
    /// @throws SourceException where a file can't be read or the tar not be written
    public Local pack(Path directory, Path tar, List<String> planFiles) {
        try {
            if (Files.exists(directory.resolve(".git"))) {
                try (Repository repository =
                        new FileRepositoryBuilder().setWorkTree(directory.toFile()).build()) {
                    return pack(
                            DirectoryPacker.of(repository, directory),
                            tar,
                            directory,
                            planFiles,
                            uncommitted(repository));
                }
            }
            return pack(DirectoryPacker.of(directory), tar, directory, planFiles, List.of());
        } catch (SourceException e) {
            if (e.isRefusal()) {
                return new Refused(String.valueOf(e.getMessage()));
            }
            throw e;
        } catch (IOException | GitAPIException e) {
            throw new SourceException(
                    "the directory " + directory + " could not be packed into " + tar + ": " + e,
                    e);
        }
    }

    private Local pack(
            DirectoryPacker packer,
            Path tar,
            Path directory,
            List<String> planFiles,
            List<String> uncommitted)
            throws IOException {
        Files.createFile(tar);
        var file = new HashedFile(tar);
        try (file) {
            var writer = new TarWriter(file, limits);
            packer.pack(writer);
            writer.finish();
        } catch (IOException | SourceException e) {
            Files.delete(tar);
            throw e;
        }
        return new Local.Packed(
                tar,
                file.sha256Hex(),
                Files.size(tar),
                planFiles(directory, planFiles),
                packer.submodules(),
                uncommitted,
                packer.skipped());
    }

    private static List<String> uncommitted(Repository repository) throws GitAPIException {
        // closing this Git would close the repository, which is the caller's
        Status status = Git.wrap(repository).status().call();
        var paths = new TreeSet<>(status.getUncommittedChanges());
        paths.addAll(status.getUntracked());
        return List.copyOf(paths);
    }

    private List<PlanFile> planFiles(Path directory, List<String> paths) throws IOException {
        List<PlanFile> files = new ArrayList<>();
        for (String path : paths) {
            Path file = directory.resolve(path);
            if (Files.isSymbolicLink(file)) {
                files.add(new PlanFile.NotAFile(path, "a symbolic link"));
            } else if (Files.isDirectory(file)) {
                files.add(new PlanFile.NotAFile(path, "a directory"));
            } else if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                long size = Files.size(file);
                files.add(
                        size > limits.planFileSize()
                                ? new PlanFile.TooLarge(path, size, limits.planFileSize())
                                : new PlanFile.Content(path, Files.readAllBytes(file)));
            }
        }
        return files;
    }
}
