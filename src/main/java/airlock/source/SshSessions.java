package airlock.source;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import org.apache.sshd.common.NamedResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import org.eclipse.jgit.transport.SshConfigStore;
import org.eclipse.jgit.transport.SshSessionFactory;
import org.eclipse.jgit.transport.sshd.SshdSessionFactoryBuilder;
import org.jspecify.annotations.Nullable;

/// SSH with one key and the configured host keys: no agent, configuration files, keys from the disk
/// or passwords.
final class SshSessions {
    private SshSessions() {}

    /// Makes the factory of sessions.
    ///
    /// @param home an empty directory
    /// @throws SourceException if the configured key can't be read
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

    /// An empty `~/.ssh/config`.
    private record NoConfiguration() implements SshConfigStore, SshConfigStore.HostConfig {
        @Override
        public HostConfig lookup(String host, int port, String user) {
            return this;
        }

        @Override
        public HostConfig lookupDefault(String host, int port, String user) {
            return this;
        }

        @Override
        public @Nullable String getValue(String key) {
            return null;
        }

        @Override
        public List<String> getValues(String key) {
            return List.of();
        }

        @Override
        public Map<String, String> getOptions() {
            return Map.of();
        }

        @Override
        public Map<String, List<String>> getMultiValuedOptions() {
            return Map.of();
        }
    }
}
