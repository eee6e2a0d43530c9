package airlock.web;

import airlock.event.RunId;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads the artifacts of runs. The archives are hostile; the reader is strict and unpacks
/// nothing.
public interface Artifacts {
    /// Whether what made them had a secret, or read what had been made with one (T6).
    boolean arePrivate(RunId run);

    /// Whether a run left artifacts, or left some that were removed; costs a look into the
    /// database. The archive may still prove to be empty or unreadable.
    boolean mayHave(RunId run);

    /// A page of the files of a run's artifacts.
    ///
    /// @param from how many files come before it, in the archive's order
    Listing list(RunId run, int from);

    /// Opens one file by its exact path in the listing; empty where there is none. Who opens it
    /// closes it.
    Optional<Content> open(RunId run, String path);

    /// What is in a run's artifacts.
    sealed interface Listing {
        /// There are none.
        record None() implements Listing {}

        /// There are some.
        ///
        /// @param next where the next page begins, 0 after the last one
        record Files(List<File> files, int next) implements Listing {
            public Files {
                files = List.copyOf(files);
            }
        }

        /// There were some, and they were removed to give room back.
        record Removed(Instant when) implements Listing {}

        /// There may be some, for readers with a token that opens the repository alone (T6).
        record Private() implements Listing {}

        /// There is an archive, but it is not one that is served.
        record Unreadable(String reason) implements Listing {}
    }

    /// One regular file.
    ///
    /// @param path its path in the archive, with `/`
    /// @param size its length, bytes
    record File(String path, long size) {}

    /// An open file.
    ///
    /// @param size its length, bytes
    /// @param bytes exactly `size` bytes
    record Content(long size, InputStream bytes) {}
}
