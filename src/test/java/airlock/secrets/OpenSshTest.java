package airlock.secrets;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.RepositoryId;
import airlock.secrets.SecretStore.DriveFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The files of a secrets drive, used by Debian's OpenSSH.
class OpenSshTest extends SshdFixture {
    private static final RepositoryId STRANGER = new RepositoryId("codeberg", "8");

    @Test
    void sshKeygenReadsThePrivateFileAndFindsThePublicHalf() throws Exception {
        for (int i = 0; i < 20; i++) {
            var repository = new RepositoryId("codeberg", "r" + i);
            String line = publicLine(repository);
            unpack(repository);
            assertThat(
                            LoopbackSshd.run(
                                    Map.of(), "ssh-keygen", "-y", "-P", "", "-f", path("ssh_key")))
                    .startsWith(line.substring(0, line.lastIndexOf(' ')));
        }
    }

    @Test
    void anSshdLetsTheKeyInAndNoOther() throws Exception {
        Files.writeString(folder.resolve("authorized_keys"), publicLine(REPOSITORY) + "\n");
        publicLine(STRANGER);
        start("AuthorizedKeysFile " + path("authorized_keys"));
        unpack(REPOSITORY);
        assertThat(ssh(path("ssh_config"))).isEqualTo("let in\n");
        unpack(STRANGER);
        assertThat(ssh(path("ssh_config"))).contains("Permission denied");
    }

    private String publicLine(RepositoryId repository) {
        var _ = store.keys().make(repository, SshKeys.DEFAULT_NAME, "ada");
        return store.keys().find(repository, SshKeys.DEFAULT_NAME).orElseThrow().publicLine();
    }

    /// Does with the drive what the guest does, in this test's folder.
    private void unpack(RepositoryId repository) throws IOException {
        if (!(store.fill(SecretsDriveTest.KEY, facts(repository))
                instanceof SecretStore.Filling.Filled(var files))) {
            throw new AssertionError("not filled");
        }
        for (var file : files) {
            String content =
                    new String(file.content(), StandardCharsets.UTF_8)
                            .replace(DriveFile.FOLDER, folder.toString());
            Path path = Files.writeString(folder.resolve(file.name()), content);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        }
    }
}
