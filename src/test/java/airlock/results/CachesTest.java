package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.TrustClass;
import airlock.results.Blobs.BlobMark;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CachesTest extends BlobFixture {
    private Caches caches;

    @BeforeEach
    void openCaches() {
        caches = new Caches(database, blobs, () -> now);
    }

    /// A run leaves an output of `bytes` zeros; outputs of one length are equal.
    private Path leave(RepositoryId repository, String name, int bytes, boolean ended)
            throws Exception {
        now = now.plusSeconds(60);
        var run = run(repository, MAIN, TrustClass.LISTED, "main", ended ? "ended" : "claimed");
        return keep(run, Phase.PLAN, name, new byte[bytes], hash(bytes), false, BlobMark.NONE)
                .file();
    }

    @Test
    void theListAddsUpWhatIsOnTheDiskForEachRef() throws Exception {
        leave(OURS, "cache", 10, true);
        leave(OURS, "cache", 10, true);
        leave(OURS, "cache", 30, true);
        leave(OURS, "dependencies", 100, true);
        leave(OURS, "artifacts", 5000, true);
        leave(THEIRS, "cache", 7, true);

        assertThat(caches.list(""))
                .extracting(
                        e -> e.repository() + " " + e.name() + " " + e.archives() + " " + e.bytes())
                .containsExactly(
                        OURS + " dependencies 1 100", OURS + " cache 2 40", THEIRS + " cache 1 7");
        assertThat(caches.list(THEIRS.toString())).hasSize(1);
    }

    @Test
    void whatIsOldEnoughGoesAndArtifactsAndOthersStay() throws Exception {
        var old = leave(OURS, "cache", 10, true);
        var artifacts = leave(OURS, "artifacts", 20, true);
        var other = leave(THEIRS, "cache", 30, true);
        var before = now;
        var young = leave(OURS, "dependencies", 40, true);

        assertThat(caches.prune(OURS.toString(), before)).isEqualTo(new Caches.Removed(1, 10));

        assertThat(old).doesNotExist();
        assertThat(artifacts).exists();
        assertThat(other).exists();
        assertThat(young).exists();
        assertThat(caches.list("")).hasSize(2);
        assertThat(caches.prune(OURS.toString(), before)).isEqualTo(new Caches.Removed(0, 0));
    }

    @Test
    void whatARunThatGoesOnHasLeftStays() throws Exception {
        var file = leave(OURS, "cache", 10, false);

        assertThat(caches.prune("", now.plusSeconds(1))).isEqualTo(new Caches.Removed(0, 0));
        assertThat(file).exists();
    }

    @Test
    void aFileThatOthersHaveAlikeStaysForThem() throws Exception {
        leave(OURS, "cache", 10, true);
        var file = leave(THEIRS, "cache", 10, true);

        assertThat(caches.prune(OURS.toString(), now.plusSeconds(1)))
                .isEqualTo(new Caches.Removed(1, 0));
        assertThat(file).exists();
        assertThat(caches.prune("", now.plusSeconds(1))).isEqualTo(new Caches.Removed(1, 10));
        assertThat(file).doesNotExist();
    }
}
