package airlock.source;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.jspecify.annotations.Nullable;

/// The configured host keys (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"); no others are accepted or
/// learnt. Lines marked `@revoked` forbid their key; `@cert-authority` is not supported.
final class KnownHosts implements ServerKeyDatabase {
    private final String host;
    private final int port;
    private final List<PublicKey> accepted = new ArrayList<>();
    private final List<PublicKey> revoked = new ArrayList<>();
    private volatile String refusal = "";

    /// The keys that `lines` list for one host.
    KnownHosts(String lines, String host, int port) {
        this.host = host;
        this.port = port;
        lines.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .forEach(this::add);
    }

    private void add(String line) {
        try {
            KnownHostEntry entry = KnownHostEntry.parseKnownHostEntry(line);
            if (!entry.isHostMatch(host, port)) {
                return;
            }
            PublicKey key =
                    entry.getKeyEntry().resolvePublicKey(null, PublicKeyEntryResolver.IGNORING);
            if (key == null) {
                return; // an unknown kind of key
            }
            String marker = entry.getMarker();
            if (marker == null) {
                accepted.add(key);
            } else if (marker.equals("revoked")) {
                revoked.add(key);
            }
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new SourceException(
                    "a line of the configured known_hosts can't be read: '" + line + "'", e);
        }
    }

    /// Why the host's key was refused; empty if it was not.
    String refusal() {
        return refusal;
    }

    @Override
    public List<PublicKey> lookup(
            String address, InetSocketAddress remote, Configuration configuration) {
        return List.copyOf(accepted);
    }

    @Override
    public boolean accept(
            String address,
            InetSocketAddress remote,
            PublicKey key,
            Configuration configuration,
            @Nullable CredentialsProvider provider) {
        boolean listed = contains(accepted, key) && !contains(revoked, key);
        if (!listed) {
            refusal =
                    "the SSH host key of %s port %d is not listed in the configured known_hosts: %s"
                            .formatted(host, port, KeyUtils.getFingerPrint(key));
        }
        return listed;
    }

    private static boolean contains(List<PublicKey> keys, PublicKey key) {
        return keys.stream().anyMatch(other -> KeyUtils.compareKeys(other, key));
    }
}
