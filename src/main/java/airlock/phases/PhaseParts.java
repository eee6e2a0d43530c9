package airlock.phases;

import airlock.config.PhaseNetwork;
import airlock.config.ProxyToken;
import airlock.egress.Connection;
import airlock.egress.HostCheck;
import airlock.egress.OtherStreams;
import airlock.egress.WayOut;
import airlock.results.Blobs;
import airlock.results.PhaseRecords;
import airlock.results.PlaceRecords;
import airlock.secrets.SecretStore;
import airlock.token.TokenOrder;
import airlock.token.TokenProxy;
import airlock.vm.BootFiles;
import airlock.vm.VmHost;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// What running phases takes.
///
/// @param work a directory on the file system of the outputs, for consoles and for outputs on
///     their way
/// @param kept keeps VMs of failed phases
public record PhaseParts(
        VmHost host,
        Images images,
        SecretStore secrets,
        PhaseRecords records,
        PlaceRecords places,
        Blobs blobs,
        Path work,
        InstantSource clock,
        WaysOut waysOut,
        KeptVms kept) {
    /// Lets VMs of trusted phases out.
    public interface WaysOut {
        /// A way to what `network` lets.
        ///
        /// @param others serves the streams that are no connections
        /// @param told hears of each connection once
        WayOut open(PhaseNetwork network, OtherStreams others, Consumer<Connection> told);

        /// Looks up and checks the host of a token, by the rules of `network`.
        HostCheck.Answer check(PhaseNetwork network, ProxyToken token);

        /// Starts the process that has a token and nothing else.
        ///
        /// @throws IOException where it can't be started
        TokenProxy start(TokenOrder order, TokenProxy.Listener listener) throws IOException;
    }

    /// Where the files that a VM starts from are found.
    @FunctionalInterface
    public interface Images {
        /// The files of the image that the configuration calls `name`.
        BootFiles boot(String name);

        /// The variables that programs of that image expect, below those of Airlock's own.
        default Map<String, String> environment(String name) {
            return Map.of();
        }

        /// The Debian packages of that image, as far as they are known.
        default Set<String> packages(String name) {
            return Set.of();
        }
    }
}
