package airlock.app;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.base.Hash;
import airlock.event.Phase;
import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.PrunableItems;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.operator.StoredArtifacts;
import airlock.queue.ClaimedRun;
import airlock.queue.InUse;
import airlock.queue.PrunableDeliveries;
import airlock.results.Blob;
import airlock.results.Blobs;
import airlock.results.Blobs.BlobMark;
import airlock.results.PrunableLogs;
import airlock.retention.PrunableSources;
import airlock.retention.PrunableSources.PrunableMirrors;
import airlock.source.SourceFiles;
import airlock.web.Artifacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the janitor removes, on a real disk with real rows.
final class RetentionTest {
    @TempDir Path state;
    private StoredRuns runs;
    private Blobs blobs;

    @BeforeEach
    void open() {
        runs = new StoredRuns(state);
        blobs = new Blobs(runs.database, state.resolve("blobs"), runs::now);
    }

    @AfterEach
    void close() {
        runs.close();
    }

    private PrunableLogs logs() {
        return new PrunableLogs(runs.database, runs.logs, state.resolve("work"), runs::now);
    }

    private Prunable outputs() {
        return blobs.prunable();
    }

    private PrunableSources sources() {
        return new PrunableSources(new SourceFiles(state), new InUse(runs.database));
    }

    private PrunableMirrors mirrors() {
        return new PrunableMirrors(new SourceFiles(state), new InUse(runs.database));
    }

    private Blob keep(ClaimedRun run, String name, String content) throws Exception {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        String hash = Hash.sha256(bytes);
        Path file = Files.write(state.resolve("output"), bytes);
        return blobs.keep(
                StoredRuns.key(run, Phase.PLAN),
                name,
                new Blob(file, hash, bytes.length, false),
                BlobMark.NONE);
    }

    private static boolean removeAll(Prunable prunable) {
        return PrunableItems.of(prunable).stream()
                .map(prunable::remove)
                .reduce(true, Boolean::logicalAnd);
    }

    private Path tar(RepositoryId repository, char tree) throws IOException {
        Path directory =
                Files.createDirectories(
                        state.resolve("sources/" + repository.forge() + "_" + repository.id()));
        String name = String.valueOf(tree).repeat(40) + ".v1";
        Files.writeString(directory.resolve(name + ".facts"), "facts");
        return Files.writeString(directory.resolve(name + ".tar"), "tar");
    }

    private Path mirror(String name) throws IOException {
        Path mirror = state.resolve("mirrors/" + name);
        Files.createDirectories(mirror.resolve("objects/pack"));
        Files.writeString(mirror.resolve("objects/pack/pack-1.pack"), "a pack");
        Files.writeString(mirror.resolve("HEAD"), "ref: refs/heads/main");
        return mirror;
    }

    private List<Path> files(String below) throws IOException {
        try (Stream<Path> files = Files.walk(state.resolve(below))) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @Test
    void aLogGoesWithItsConsolesAndThePageSaysWhenWhileRunAndVerdictStay() throws Exception {
        var run = runs.passed("hello");
        Path console =
                Files.writeString(
                        Files.createDirectories(state.resolve("work"))
                                .resolve(run.id() + ".plan.console"),
                        "booting");
        var item = PrunableItems.of(logs()).getFirst();
        assertThat(item.bytes())
                .as("log, index and console")
                .isEqualTo(runs.logs.size(run.id()) + 8 + 7);
        assertThat(item.used()).isEqualTo(runs.now());
        runs.pass(Duration.ofDays(400));

        assertThat(logs().remove(item)).isTrue();

        assertThat(console).doesNotExist();
        assertThat(files("logs")).isEmpty();
        assertThat(PrunableItems.of(logs())).isEmpty();
        var view = runs.views.run(run.id()).orElseThrow();
        assertThat(view.logRemoved()).contains(runs.now());
        assertThat(view.head().mark().word()).isEqualTo("passed");
    }

    @Test
    void theLogOfARunThatHasNotEndedStays() {
        var run = runs.running();
        runs.write(run.id(), Phase.PLAN, 0, 1, "hello");
        runs.pass(Duration.ofDays(400));
        var item = new PrunableItem("forge:1", run.id().text(), 5, runs.now(), false);

        assertThat(PrunableItems.of(logs())).isEmpty();
        assertThat(logs().remove(item)).isFalse();
        assertThat(runs.logs.size(run.id())).isPositive();
    }

    @Test
    void aLogWhoseRemovalACrashCutShortGoesAtTheNextLookAndNoOther() throws Exception {
        var run = runs.passed("hello");
        var running = runs.running();
        runs.write(running.id(), Phase.PLAN, 0, 1, "hello");
        Path log =
                files("logs").stream()
                        .filter(f -> f.toString().endsWith(run.id() + ".log"))
                        .findFirst()
                        .orElseThrow();
        byte[] bytes = Files.readAllBytes(log);
        removeAll(logs());
        Files.write(log, bytes); // as if the server had died between row and file

        assertThat(logs().tidy()).isEqualTo(1);
        assertThat(log).doesNotExist();
        assertThat(runs.logs.size(running.id())).isPositive();
    }

    @Test
    void artifactsGoAndThePageSaysSo() throws Exception {
        var run = runs.running();
        keep(run, "artifacts", "the artifacts");
        runs.end(run);
        runs.pass(Duration.ofDays(1));

        assertThat(removeAll(outputs())).isTrue();

        assertThat(files("blobs")).isEmpty();
        assertThat(blobs.of(run.id(), Phase.PLAN, "artifacts")).isEmpty();
        assertThat(new StoredArtifacts(blobs).list(run.id(), 0))
                .isEqualTo(new Artifacts.Listing.Removed(runs.now()));
        assertThat(new StoredArtifacts(blobs).list(RunId.random(), 0))
                .isEqualTo(new Artifacts.Listing.None());
    }

    @Test
    void outputsAndLogsThatOnlyRunsFromOutsideLeftAreKnownAsTheirs() throws Exception {
        var ours = runs.passed("log");
        keep(ours, "artifacts", "same");
        var theirs = runs.passed("log");
        runs.database.write(
                handle ->
                        handle.execute(
                                "UPDATE run SET trust = 'outside' WHERE id = ?",
                                theirs.id().text()));
        keep(theirs, "artifacts", "same");
        var big = keep(theirs, "cache", "big");

        assertThat(
                        PrunableItems.of(outputs()).stream()
                                .filter(PrunableItem::outside)
                                .map(PrunableItem::key))
                .containsExactly(big.sha256());
        assertThat(
                        PrunableItems.of(logs()).stream()
                                .filter(PrunableItem::outside)
                                .map(PrunableItem::key))
                .containsExactly(theirs.id().text());
    }

    @Test
    void whatARunThatHasNotEndedWillReadStaysThoughAnotherLeftTheSameBytes() throws Exception {
        var over = runs.running();
        keep(over, "cache", "same");
        runs.end(over);
        var going = runs.running();
        var blob = keep(going, "cache", "same");
        var item = PrunableItems.of(outputs()).getFirst();

        assertThat(PrunableItems.of(outputs())).hasSize(1);
        assertThat(outputs().remove(item)).isFalse();
        assertThat(blob.file()).exists();

        runs.end(going);
        assertThat(removeAll(outputs())).isTrue();
        assertThat(blob.file()).doesNotExist();
    }

    @Test
    void aFileStaysAsLongAsAnotherRepositoryNamesIt() throws Exception {
        var run = runs.running();
        var blob = keep(run, "cache", "same");
        runs.end(run);
        runs.database.write(
                handle ->
                        handle.execute(
                                """
                                INSERT INTO blob (run, phase, name, sha256, bytes, repository, kind,
                                    subject, trust, private, created_at)
                                SELECT run, 'pre_plan', name, sha256, bytes, 'forge:2', kind, subject,
                                    trust, private, created_at FROM blob
                                """));
        var mine =
                PrunableItems.of(outputs()).stream()
                        .filter(item -> item.owner().equals("forge:1"))
                        .findFirst()
                        .orElseThrow();

        assertThat(outputs().remove(mine)).isTrue();
        assertThat(blob.file()).exists();
        assertThat(outputs().tidy()).isZero();
        assertThat(removeAll(outputs())).isTrue();
        assertThat(blob.file()).doesNotExist();
    }

    @Test
    void anOutputThatNoRowNamesGoesAndEveryOtherStays() throws Exception {
        var run = runs.running();
        var kept = keep(run, "cache", "kept");
        Path stray =
                Files.writeString(
                        Files.createDirectories(state.resolve("blobs/ab"))
                                .resolve("ab".repeat(32) + ".tar"),
                        "moved here, and then the server died");

        assertThat(outputs().tidy()).isEqualTo(1);
        assertThat(stray).doesNotExist();
        assertThat(kept.file()).exists();
    }

    @Test
    void aTarStaysWhileARunWaitsForItOrARequestIsBeingReadThatMayFindIt() throws Exception {
        Path tar = tar(StoredRuns.REPOSITORY, 'a');
        runs.push("one");
        assertThat(PrunableItems.of(sources()))
                .extracting(PrunableItem::needed)
                .containsExactly(false);
        runs.plan(tar, "main");
        assertThat(PrunableItems.of(sources()))
                .extracting(PrunableItem::needed)
                .containsExactly(true);
        var item = new PrunableItem("forge:1", tar.toString(), 3, runs.now(), false);
        assertThat(sources().remove(item)).as("of a waiting run").isFalse();
        var run = runs.claim();
        assertThat(sources().remove(item)).as("of a running one").isFalse();
        runs.end(run);

        runs.push("two");
        var _ = runs.current().claimRequest().orElseThrow();
        assertThat(sources().remove(item)).as("while a request is read").isFalse();
        assertThat(tar).exists();

        runs.crash(); // queued again: what it finds gone, it makes
        assertThat(sources().remove(item)).isTrue();
        assertThat(files("sources")).isEmpty();
    }

    @Test
    void whatWasSetAsideWhenTheServerDiedGoes() throws Exception {
        Path tar = tar(StoredRuns.REPOSITORY, 'a');
        assertThat(new SourceFiles(state).setAside(tar)).isTrue();
        assertThat(tar).doesNotExist();
        assertThat(files("sources")).hasSize(1);
        Path gone = mirror("forge_1.git.gone");

        assertThat(sources().tidy()).isEqualTo(1);
        assertThat(files("sources")).isEmpty();
        assertThat(mirrors().tidy()).isEqualTo(1);
        assertThat(gone).doesNotExist();
    }

    @Test
    void aMirrorGoesWhole() throws Exception {
        Path mirror = mirror("forge_1.git");
        mirror("forge_1.git.history");
        Path theirs = mirror("outside/forge_1.git");
        assertThat(PrunableItems.of(mirrors()))
                .filteredOn(PrunableItem::outside)
                .extracting(PrunableItem::key)
                .containsExactly(theirs.toString());
        assertThat(PrunableItems.of(mirrors())).hasSize(3);
        assertThat(removeAll(mirrors())).isTrue();
        assertThat(mirror).doesNotExist();
        assertThat(PrunableItems.of(mirrors())).isEmpty();
    }

    @Test
    void aMirrorThatAFetchHasMeanwhileStaysWithIt() throws Exception {
        Path mirror = mirror("forge_1.git");
        var item = PrunableItems.of(mirrors()).getFirst();
        Path home = Files.createDirectories(state.resolve("fetch/home1"));
        Path lent = Files.move(mirror, home.resolve("mirror.git"));

        assertThat(mirrors().remove(item)).isFalse();
        assertThat(lent.resolve("HEAD")).exists();
    }

    @Test
    void whatIsNoneOfOursIsLeftAlone() throws Exception {
        Path other = Files.createDirectories(state.resolve("sources/UPPER_1"));
        Files.writeString(other.resolve("x.tar"), "x");
        Files.createDirectories(state.resolve("mirrors/UPPER_1.git"));
        Files.writeString(state.resolve("mirrors/UPPER_1.git/HEAD"), "x");
        assertThat(PrunableItems.of(sources())).isEmpty();
        assertThat(PrunableItems.of(mirrors())).isEmpty();
    }

    @Test
    void aBodyGoesAndTheDeliveryAndItsEventAreKnownAllTheSame() {
        var request = runs.push("main");
        var prunable = new PrunableDeliveries(runs.database, runs::now);
        var item = PrunableItems.of(prunable).getFirst();
        assertThat(item.owner()).isEqualTo("forge/ann/widget");
        assertThat(item.bytes()).isEqualTo("body 2".length());
        assertThat(removeAll(prunable)).isTrue();

        assertThat(PrunableItems.of(prunable)).isEmpty();
        assertThat(runs.again("main", 2)).isEqualTo(request);
        assertThat(runs.againWithANewId("main", 2)).isEqualTo(request);
    }

    @Test
    void aBodyThatCameSinceTheLookStays() {
        runs.push("main");
        var prunable = new PrunableDeliveries(runs.database, runs::now);
        var item = PrunableItems.of(prunable).getFirst();
        runs.pass(Duration.ofMinutes(1));
        runs.push("main");

        assertThat(prunable.remove(item)).isTrue();
        assertThat(PrunableItems.of(prunable)).hasSize(1);
        assertThat(PrunableItems.of(prunable).getFirst().used()).isEqualTo(runs.now());
    }

    @Test
    void noKeyOfAnEventIsEverTaken() {
        runs.passed("hello");
        long keys = keys();
        assertThat(keys).isPositive();
        removeAll(logs());
        removeAll(outputs());
        removeAll(new PrunableDeliveries(runs.database, runs::now));
        assertThat(keys()).isEqualTo(keys);
    }

    private long keys() {
        return runs.database.read(
                handle ->
                        handle.createQuery("SELECT COUNT(*) FROM occurrence")
                                .mapTo(Long.class)
                                .one());
    }
}
