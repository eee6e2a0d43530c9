package airlock.vm;

import java.nio.file.Path;
import java.time.Duration;

/// A virtual machine on its way, or at its end until it is closed.
///
/// - Threads: all methods may be called by any thread.
/// - Ownership: whoever started it closes it; closing removes everything of it but the console's
/// file and what was taken.
/// - Failures: none is thrown for anything that the guest or QEMU does; [VmEnd] has them all.
/// - Limits: those of its [VmSpec]; it ends by itself when they are passed.
public interface Vm extends AutoCloseable {
    /// How it is walled in and what runs its instructions.
    Isolation isolation();

    /// Waits for the end.
    VmEnd await() throws InterruptedException;

    /// Where its time went so far.
    VmTimes times();

    /// Lets it stay for a person, although what it was started for is done: from now on for at most
    /// so long, whatever its limit was. Nothing happens before its gate got its line, or when it
    /// ended already.
    void keep(Duration most);

    /// Lets the guest of one that is kept stand still, so that it takes memory only.
    void pause();

    /// Lets it go on.
    void resume();

    /// Asks for the end, at once and without the guest; nothing happens when it ended already.
    ///
    /// @param reason for people; comes back in [VmEnd.Cancelled]
    void cancel(String reason);

    /// Copies the archive that the guest packed onto a drive, unread and unopened, into a new file
    /// of mode 0600.
    ///
    /// @param drive one of those in [VmEnd.Finished#packed]
    /// @throws IllegalStateException before such an end, or for another drive
    /// @throws VmException when the file cannot be written
    Archive take(Drive drive, Path target);

    /// Moves what the guest wrote to its system disk, an overlay on the image's, to `target`, as
    /// QEMU left it: hostile bytes.
    ///
    /// @throws IllegalStateException unless it booted by itself and has finished its steps
    /// @throws VmException when the file cannot be moved
    void takeSystem(Path target);

    /// Ends it if it still runs, and removes what is left of it.
    @Override
    void close();

    /// An archive as the guest left it: hostile bytes.
    ///
    /// @param sha256 of its bytes, 64 hexadecimal digits
    record Archive(Path file, long bytes, String sha256) {}
}
