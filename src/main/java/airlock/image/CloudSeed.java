package airlock.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// The volume from which cloud-init takes the guest program (its data source NoCloud: label
/// `CIDATA`, files `meta-data`, `user-data`, `network-config`).
final class CloudSeed {
    private static final String LABEL = "CIDATA";

    /// Nobody waits for a network, nor for keys of a server that nobody reaches.
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

    /// Writes one. Its instance is one that no disk has seen before: cloud-init runs these commands
    /// once for each.
    static void write(Path target, Path guestProgram) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        String meta = "instance-id: airlock-" + UUID.randomUUID() + "\nlocal-hostname: airlock\n";
        files.put("meta-data", meta.getBytes(StandardCharsets.UTF_8));
        files.put("user-data", USER.getBytes(StandardCharsets.UTF_8));
        files.put("network-config", NETWORK.getBytes(StandardCharsets.UTF_8));
        files.put("gate", Files.readAllBytes(guestProgram));
        FatVolume.write(target, LABEL, files);
    }
}
