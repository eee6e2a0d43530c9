package airlock.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/// Takes a cloud image into the store: a disk with partitions that starts by its own boot loader,
/// and whose cloud-init takes the guest program from a volume that lies beside it.
///
/// @param disk of somebody else's
/// @param from where it came from, for people
record CloudImport(DiskCopy disk, Import.Cloud become, String from) implements Making {
    @Override
    public Facts make(Path directory, Consumer<String> progress)
            throws IOException, InterruptedException {
        var firmware =
                switch (disk.into(directory, progress)) {
                    case DiskKind.Partitions(var found) -> become.firmware().orElse(found);
                    case DiskKind.FileSystem _, DiskKind.Unknown _ ->
                            throw DiskImport.refused(disk.source());
                };
        CloudSeed.write(directory.resolve(Image.SEED), become.guestProgram());
        return Facts.ofDisk(become.name(), from, "", become.guestProgram(), Optional.of(firmware));
    }
}
