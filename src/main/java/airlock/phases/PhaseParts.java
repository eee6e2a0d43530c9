package airlock.phases;

import airlock.results.Blobs;
import airlock.results.PhaseRecords;
import airlock.secrets.SecretStore;
import airlock.vm.BootFiles;
import airlock.vm.VmHost;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;

/// The parts of the server that run phases.
///
/// @param work a directory on the file system of the outputs, for consoles and unfinished outputs
public record PhaseParts(
        VmHost host,
        Images images,
        Stores stores,
        Path work,
        InstantSource clock,
        HostWays waysOut,
        KeptVms kept) {
    /// The stores that phases read and write.
    ///
    /// @param blobs for outputs
    public record Stores(SecretStore secrets, PhaseRecords records, Blobs blobs) {}

    @FunctionalInterface
    public interface Images {
        /// The files of the image that the configuration calls `name`.
        BootFiles boot(String name);

        /// The variables that programs of that image expect; Airlock's own override them.
        default Map<String, String> environment(String name) {
            return Map.of();
        }

        /// The Debian packages of that image, as far as they are known.
        default Set<String> packages(String name) {
            return Set.of();
        }
    }
}
