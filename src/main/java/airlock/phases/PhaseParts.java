package airlock.phases;

import airlock.results.Blobs;
import airlock.results.PhaseRecords;
import airlock.secrets.SecretsDrive;
import airlock.vm.BootFiles;
import airlock.vm.VmHost;
import java.nio.file.Path;
import java.time.InstantSource;

/// What running phases takes.
///
/// @param work a directory on the file system of the outputs, for consoles and for outputs on
///     their way
public record PhaseParts(
        VmHost host,
        Images images,
        SecretsDrive secrets,
        PhaseRecords records,
        Blobs blobs,
        Path work,
        InstantSource clock) {
    /// Where the files that a VM starts from are found.
    @FunctionalInterface
    public interface Images {
        /// The files of the image that the configuration calls `name`.
        BootFiles boot(String name);
    }
}
