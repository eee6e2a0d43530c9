package airlock.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.SshConfigStore;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/// SSH with one key and the configured host keys: no agent, no configuration file, no key found
/// on the disk, no password.
final class SshSessions {
    private SshSessions() {}

    /// Makes the factory of sessions.
    ///
    /// @param home an empty directory
    /// @throws SourceException this machine's fault: the configured key can't be read
    static SshSessionFactory open(Order.Login.Key login, KnownHosts hosts, Path home) {
        List<KeyPair> keys = List.of(readKey(login));
        return new SshdSessionFactoryBuilder()
                .setPreferredAuthentications("publickey")
                .setHomeDirectory(home.toFile())
                .setSshDirectory(home.toFile())
                .setConfigStoreFactory((_, _, _) -> new NoConfiguration())
                .setConnectorFactory(null)
                .setDefaultIdentities(_ -> List.of())
                .setDefaultKeysProvider(_ -> keys)
                .setServerKeyDatabase((_, _) -> hosts)
                .build(null);
    }

    private static KeyPair readKey(Order.Login.Key login) {
        try {
            Iterable<KeyPair> keys =
                    SecurityUtils.loadKeyPairIdentities(
                            null,
                            NamedResource.ofName("the configured key"),
                            new ByteArrayInputStream(login.privateKey().bytes()),
                            null);
            if (keys != null) {
                for (KeyPair key : keys) {
                    return key;
                }
            }
            throw new SourceException(
                    "the configured SSH key holds no private key (expected OpenSSH's or PEM format"
                            + " without passphrase)");
        } catch (IOException | GeneralSecurityException e) {
            throw new SourceException(
                    "the configured SSH key can't be read (expected OpenSSH's or PEM format without"
                            + " passphrase): "
                            + e.getMessage(),
                    e);
        }
    }

    /// In place of `~/.ssh/config`.
    private static final class NoConfiguration implements SshConfigStore {
        @Override
        public @Nullable HostConfig lookup(String host, int port, String user) {
            return null;
        }

        @Override
        public @Nullable HostConfig lookupDefault(String host, int port, String user) {
            return null;
        }
    }
}
