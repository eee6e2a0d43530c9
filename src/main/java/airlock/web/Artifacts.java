package airlock.web;

import airlock.event.RunId;
import airlock.results.RunHead;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the artifacts of runs. Archives are hostile: the reader is strict and unpacks nothing.
public interface Artifacts {
    /// Whether the run had a secret, or started from outputs made with one (T6).
    boolean arePrivate(RunId run);

    /// Whether a run left artifacts, even if they have been removed. One database query; the
    /// archive may still be empty or unreadable.
    boolean mayHave(RunId run);

    /// A page of the list of a run's files.
    ///
    /// @param from how many files to skip, in the archive's order
    Listing list(RunId run, int from);

    /// Opens a file by its exact path in the list, if it is there. The caller closes it.
    Optional<Content> open(RunId run, String path);

    sealed interface Listing {
        record None() implements Listing {}

        /// A page of files.
        ///
        /// @param next where the next page begins; 0 on the last page
        record Files(List<File> files, int next) implements Listing {
            public Files {
                files = List.copyOf(files);
            }
        }

        /// They were removed to free space.
        record Removed(Instant when) implements Listing {}

        /// Only clients whose token opens the repository may see whether there are any (T6).
        record Private() implements Listing {}

        /// There is an archive, but the strict reader refuses it.
        record Unreadable(String reason) implements Listing {}
    }

    /// One regular file.
    ///
    /// @param path in the archive, with `/`
    record File(String path, long size) {}

    /// An open file.
    ///
    /// @param bytes exactly `size` bytes
    record Content(long size, InputStream bytes) {}

    record ArtifactsPage(ShownRepository repository, RunHead run, Artifacts.Listing listing) {
        public String url(Artifacts.File file) {
            return "/runs/" + run.id() + "/artifacts/" + Show.path(file.path());
        }
    }
}
