package airlock.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.config.FetchCredentials;
import airlock.event.Secret;
import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SshFetchTest extends ForgeFixture {
    private static SshServer ssh;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        ssh = new SshServer(temporary.resolve("ssh"));
    }

    @AfterAll
    static void stop() {
        ssh.close();
    }

    @BeforeEach
    void commit() throws IOException {
        git.write("a", "1").commit("first");
        repo = repo.with(ssh.url(git.directory())).with(key(ssh.privateKey(), "host"));
    }

    private static FetchCredentials key(String privateKey, String hostKey) throws IOException {
        return new FetchCredentials.SshKey(new Secret(privateKey), ssh.knownHosts(hostKey));
    }

    @Test
    void aCommitIsFetchedWithTheConfiguredKey() throws Exception {
        assertThat(Tars.names(forge.source(repo).tar())).containsExactly("a");
        repo.git().write("b", "2").commit("second");
        assertThat(Tars.names(forge.source(repo).tar())).containsExactly("a", "b");
    }

    @Test
    void aHostKeyThatIsNotListedIsNotAccepted() throws Exception {
        ssh.key("other");

        Fetched fetched = forge.fetchMain(repo.with(key(ssh.privateKey(), "other")));

        assertUnreachable(fetched, false, "not listed", "SHA256:");
    }

    @Test
    void aKeyThatTheForgeDoesNotKnowDoesNotGetIn() throws Exception {
        String stranger = Files.readString(ssh.key("stranger"));

        Fetched fetched = forge.fetchMain(repo.with(key(stranger, "host")));

        assertUnreachable(fetched, false, "authentication");
    }

    @Test
    void aKeyThatIsNoneIsOurFault() throws Exception {
        Forge.Repo broken = repo.with(key("not a key", "host"));

        assertThatThrownBy(() -> forge.fetchMain(broken))
                .isInstanceOf(SourceException.class)
                .hasMessageContaining("configured SSH key");
    }

    @Test
    void whatComesOverSshIsCountedToo() throws Exception {
        repo.git().write("large", "x".repeat(60_000)).commit("large");
        var small = new SourceLimits(-(64L << 20) + 20, 1, 1, 100, 5, 1, Forge.SMALL.time());

        assertThat(forge.fetchMain(repo.with(small)))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.why()).contains("bytes, the limit"));
    }

    @Test
    void aRepositoryThatIsNotThereIsNamed() throws Exception {
        var nowhere = repo.with(ssh.url(temporary.resolve("nowhere")));

        assertThat(forge.fetchMain(nowhere))
                .isInstanceOfSatisfying(
                        Unreachable.class, answer -> assertThat(answer.why()).contains("nowhere"));
    }
}
