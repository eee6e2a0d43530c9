package airlock.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/// Makes the files of an image.
@FunctionalInterface
interface Making {
    /// The folder for what is thrown away.
    String WORK = "work";

    /// Puts disk, kernel and initramfs into the directory.
    ///
    /// @param directory empty; what lies in its folder `work` at the end is thrown away
    /// @param progress hears what is being done, a line each
    /// @return the facts but for hashes and time
    Facts make(Path directory, Consumer<String> progress) throws IOException, InterruptedException;
}
