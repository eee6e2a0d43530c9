package airlock.image;

import airlock.base.OwnFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.TreeMap;

/// The end of making an image.
final class Seal {
    private Seal() {}

    /// Makes the files what they stay for ever, on the disk.
    static void close(Path directory, Facts facts, Instant now) throws IOException {
        var hashes = new TreeMap<String, String>();
        for (String name : Image.booted(directory)) {
            Path file = directory.resolve(name);
            hashes.put(name, Hashes.of(file));
            OwnFiles.force(file);
            // whatever the umask: a VM has a user of its own, which must read them and never write
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
        }
        Path file = directory.resolve(Image.FACTS);
        FactsFile.write(file, facts.with(hashes, now));
        StoreFiles.makePrivate(file);
        OwnFiles.force(file);
        Files.setLastModifiedTime(directory, FileTime.from(now));
        OwnFiles.force(directory);
    }
}
