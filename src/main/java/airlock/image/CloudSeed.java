package airlock.image;

import airlock.base.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/// Writes the volume from which cloud-init takes the guest program (data source NoCloud: label
/// `CIDATA`, files `meta-data`, `user-data`, `network-config`).
final class CloudSeed {
    private static final String LABEL = "CIDATA";
    private static final Tool MFORMAT = new Tool("mformat");
    private static final Tool MCOPY = new Tool("mcopy");

    /// Without interfaces cloud-init does not wait for a network.
    private static final String NETWORK = "version: 2\nethernets: {}\n";

    private static final String USER =
            """
            #cloud-config
            package_update: false
            ssh_genkeytypes: [ed25519]
            runcmd:
              - - sh
                - -c
                - >-
                  exec >/dev/ttyS0 2>&1;
                  mkdir -p /run/airlock-seed &&
                  mount -o ro LABEL=CIDATA /run/airlock-seed &&
                  exec /run/airlock-seed/gate take-over
            """;

    private CloudSeed() {}

    /// Writes 16 MiB with FAT16, which every UEFI kernel reads. The instance id is new, since
    /// cloud-init runs these commands once per instance.
    static void write(Path target, Path guestProgram) throws IOException, InterruptedException {
        MCOPY.requireHere("the volume for cloud-init is written by mtools");
        Path files =
                Files.createDirectories(target.resolveSibling(ImageStore.WORK).resolve("seed"));
        try {
            String meta =
                    "instance-id: airlock-" + UUID.randomUUID() + "\nlocal-hostname: airlock\n";
            Files.writeString(files.resolve("meta-data"), meta);
            Files.writeString(files.resolve("user-data"), USER);
            Files.writeString(files.resolve("network-config"), NETWORK);
            Files.copy(guestProgram, files.resolve("gate"));
            String volume = target.toString();
            MFORMAT.run("-C", "-i", volume, "-T", "32768", "-c", "4", "-v", LABEL, "::");
            MCOPY.run("-i", volume, files + "/meta-data", files + "/user-data", "::");
            MCOPY.run("-i", volume, files + "/network-config", files + "/gate", "::");
        } finally {
            Trees.remove(files);
        }
    }
}
