package airlock.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.sshd.client.config.hosts.KnownHostEntry;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntryResolver;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.transport.CredentialsProvider;
import org.eclipse.jgit.transport.RemoteSession;
import org.eclipse.jgit.transport.RemoteSession2;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.transport.sshd.ServerKeyDatabase;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.eclipse.jgit.util.FS;
import org.jspecify.annotations.Nullable;

/// SSH with one key and the configured host keys: no agent, configuration files, keys from the disk
/// or passwords. Counts the output of commands.
final class SshSessions extends SshSessionFactory {
    private final SshSessionFactory sessions;
    private final ByteBudget budget;

    /// @param home an empty directory
    /// @throws SourceException if the configured key can't be read
    SshSessions(Order.Login.Key login, KnownHosts hosts, Path home, ByteBudget budget) {
        List<KeyPair> keys = List.of(readKey(login));
        this.sessions =
                new SshdSessionFactoryBuilder()
                        .setPreferredAuthentications("publickey")
                        .setHomeDirectory(home.toFile())
                        .setSshDirectory(home.toFile())
                        .setConfigStoreFactory((_, _, _) -> null)
                        .setConnectorFactory(null)
                        .setDefaultIdentities(_ -> List.of())
                        .setDefaultKeysProvider(_ -> keys)
                        .setServerKeyDatabase((_, _) -> hosts)
                        .build(null);
        this.budget = budget;
    }

    private static KeyPair readKey(Order.Login.Key login) {
        String expected = " (expected OpenSSH's or PEM format without passphrase)";
        try {
            Iterable<KeyPair> keys =
                    SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("the configured key"),
                            new ByteArrayInputStream(login.privateKey().bytes()),
                            null);
            if (keys != null && keys.iterator().hasNext()) {
                return keys.iterator().next();
            }
            throw new SourceException("the configured SSH key holds no private key" + expected);
        } catch (IOException | GeneralSecurityException e) {
            throw new SourceException(
                    "the configured SSH key can't be read" + expected + ": " + e.getMessage(), e);
        }
    }

    @Override
    public RemoteSession getSession(
            URIish uri, @Nullable CredentialsProvider credentials, FS fs, int milliseconds)
            throws TransportException {
        return new Session(sessions.getSession(uri, credentials, fs, milliseconds), budget);
    }

    @Override
    public String getType() {
        return sessions.getType();
    }

    private record Session(RemoteSession session, ByteBudget budget) implements RemoteSession2 {
        @Override
        public Process exec(String command, int seconds) throws IOException {
            return new Command(session.exec(command, seconds), budget);
        }

        @Override
        public Process exec(String command, Map<String, String> environment, int seconds)
                throws IOException {
            Process process =
                    session instanceof RemoteSession2 modern
                            ? modern.exec(command, environment, seconds)
                            : session.exec(command, seconds);
            return new Command(process, budget);
        }

        @Override
        public void disconnect() {
            session.disconnect();
        }
    }

    private static final class Command extends Process {
        private final Process process;
        private final InputStream output;
        private final InputStream errors;

        Command(Process process, ByteBudget budget) {
            this.process = process;
            this.output = budget.count(process.getInputStream());
            this.errors = budget.count(process.getErrorStream());
        }

        @Override
        public OutputStream getOutputStream() {
            return process.getOutputStream();
        }

        @Override
        public InputStream getInputStream() {
            return output;
        }

        @Override
        public InputStream getErrorStream() {
            return errors;
        }

        @Override
        public int waitFor() throws InterruptedException {
            return process.waitFor();
        }

        @Override
        public int exitValue() {
            return process.exitValue();
        }

        @Override
        public void destroy() {
            process.destroy();
        }
    }

    /// The configured host keys (sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"); no others are accepted or
    /// learnt. Lines marked `@revoked` forbid their key; `@cert-authority` is not supported.
    static final class KnownHosts implements ServerKeyDatabase {
        private final String host;
        private final int port;
        private final List<PublicKey> accepted = new ArrayList<>();
        private final List<PublicKey> revoked = new ArrayList<>();
        private volatile String refusal = "";

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
}
