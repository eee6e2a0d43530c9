package airlock.secrets;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.TrustClass;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Fills the secrets drive: with the repository's key in pre_plan and post_plan of a push to a
/// listed ref, where the configuration says so (T2); with nothing in all other phases.
public final class SecretsDrive {
    /// Where the drive is unpacked in the guest.
    public static final String FOLDER = "/ci/secrets";

    /// The private key's file.
    public static final String KEY = "ssh_key";

    /// What `~/.ssh/config` of that VM is to hold; present where the key is.
    public static final String SSH_CONFIG = "ssh_config";

    /// The host keys that ssh accepts; present where some are configured.
    public static final String KNOWN_HOSTS = "known_hosts";

    private final SshKeys keys;

    public SecretsDrive(SshKeys keys) {
        this.keys = keys;
    }

    /// What goes onto the drive of one phase.
    ///
    /// @param configured the phases that are to have the key
    /// @param knownHosts lines of sshd(8) `known_hosts`; empty where none are configured: then ssh
    ///     accepts the host key that it meets first
    public Filling fill(
            RepositoryId repository,
            TrustClass trust,
            Phase phase,
            Set<Phase> configured,
            String knownHosts) {
        if (!mayHave(trust, phase) || !configured.contains(phase)) {
            return new Filling.Empty();
        }
        return keys.privateFile(repository, SshKeys.DEFAULT_NAME)
                .<Filling>map(key -> new Filling.Filled(files(key, knownHosts)))
                .orElseGet(
                        () ->
                                new Filling.Missing(
                                        "the configuration puts an SSH key on the secrets drive of "
                                                + phase.key()
                                                + ", but "
                                                + repository
                                                + " has none: run `airlock secret new`"));
    }

    /// Whether a phase may have any secret at all (T2).
    private static boolean mayHave(TrustClass trust, Phase phase) {
        boolean listed =
                switch (trust) {
                    case LISTED -> true;
                    case INSIDE, OUTSIDE -> false;
                };
        return switch (phase) {
            case PRE_PLAN, POST_PLAN -> listed;
            case PLAN -> false;
        };
    }

    private static List<SecretFile> files(byte[] key, String knownHosts) {
        var files = new ArrayList<SecretFile>();
        files.add(new SecretFile(KEY, 0600, key));
        files.add(new SecretFile(SSH_CONFIG, 0600, utf8(sshConfig(!knownHosts.isBlank()))));
        if (!knownHosts.isBlank()) {
            files.add(new SecretFile(KNOWN_HOSTS, 0600, utf8(knownHosts.strip() + "\n")));
        }
        return files;
    }

    /// ssh_config(5). Nobody is there to answer a question.
    private static String sshConfig(boolean hostsKnown) {
        var lines = new ArrayList<String>();
        lines.add("Host *");
        lines.add("    IdentityFile " + FOLDER + "/" + KEY);
        lines.add("    IdentitiesOnly yes");
        lines.add("    BatchMode yes");
        if (hostsKnown) {
            lines.add("    UserKnownHostsFile " + FOLDER + "/" + KNOWN_HOSTS);
            lines.add("    StrictHostKeyChecking yes");
        } else {
            lines.add("    StrictHostKeyChecking accept-new");
        }
        return String.join("\n", lines) + "\n";
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
