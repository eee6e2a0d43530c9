package airlock.image;

import java.util.List;

/// A container image as its documents describe it.
///
/// @param digest sha256 of its configuration, which names its layers by their content
/// @param layers lowest first
/// @param user as its `USER` says, empty for root
/// @param environment `NAME=value` each
/// @param directory as its `WORKDIR` says, empty for none
record OciImage(
        String digest,
        List<Layer> layers,
        String user,
        List<String> environment,
        String directory) {
    OciImage {
        layers = List.copyOf(layers);
        environment = List.copyOf(environment);
    }

    /// A layer.
    ///
    /// @param file its name in the image
    /// @param content sha256 of the tar archive that is in it
    record Layer(String file, String content) {}
}
