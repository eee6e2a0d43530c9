package airlock.operator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import airlock.base.Hash;
import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.Delivery;
import airlock.event.ForgeEvent;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.queue.Claims;
import airlock.queue.Intake;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.OutsideRateLimit;
import airlock.queue.Planning;
import airlock.queue.Planning.NewRun;
import airlock.results.Blob;
import airlock.results.Blobs;
import airlock.results.Blobs.BlobMark;
import airlock.results.PhaseKey;
import airlock.results.StoredViews;
import airlock.store.Database;
import airlock.vm.GuestCase;
import airlock.vm.TestTar;
import airlock.web.Artifacts.File;
import airlock.web.Artifacts.Listing;
import airlock.yaml.Mutations;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Artifacts that a guest packed, as readers get them.
class StoredArtifactsTest {
    @TempDir Path directory;
    private RunId run = RunId.random();
    private Database database;
    private Blobs blobs;
    private StoredArtifacts artifacts;

    @BeforeEach
    void open() {
        database = Database.open(directory.resolve("state.db"));
        blobs = new Blobs(database, directory.resolve("blobs"), InstantSource.system());
        artifacts = new StoredArtifacts(blobs);
        run = queued();
    }

    private RunId queued() {
        var clock = InstantSource.system();
        var commit = new CommitId("1".repeat(40));
        new Intake(database, clock, (_, _) -> {})
                .keep(
                        new Delivery("demo/x", "1", "push", clock.instant(), new byte[0], "none"),
                        new ForgeEvent.Pushed(
                                new RepositoryId("demo", "7"),
                                new Subject.Branch("refs/heads/main"),
                                CommitId.NONE,
                                commit,
                                CommitSummary.NONE,
                                false),
                        new IntakePolicy(false, false));
        var request =
                new Claims(database, clock, (_, _) -> {}, "test").claimRequest().orElseThrow();
        var plan = NewRun.own("main", "", ".airlock.yaml", new byte[0], "source.tar");
        new Planning(database, clock, (_, _) -> {}, new OutsideRateLimit(10))
                .planned(request, TrustClass.INSIDE, commit, List.of(plan));
        return new StoredViews(database).runsOf(request.id()).getFirst().id();
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Blob keep(Phase phase, String name, byte[] archive) throws Exception {
        var file = Files.write(directory.resolve("output"), archive);
        return blobs.keep(
                new PhaseKey(run, 1, phase),
                name,
                new Blob(file, Hash.sha256(archive), archive.length, false),
                BlobMark.NONE);
    }

    private Blob keep(byte[] archive) throws Exception {
        return keep(Phase.PLAN, "artifacts", archive);
    }

    private byte[] read(String path) throws IOException {
        try (var bytes = artifacts.open(run, path).orElseThrow().bytes()) {
            return bytes.readAllBytes();
        }
    }

    private static byte[] random(int length, int seed) {
        var bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void eachFileIsListedWithItsLengthAndReadWholeAndNoByteMore() throws Exception {
        var files = new TreeMap<String, byte[]>();
        int[] lengths = {0, 1, 511, 512, 513, 70_000};
        for (int length : lengths) {
            files.put("f" + length, random(length, length));
        }
        keep(TestTar.write(files));

        assertThat(artifacts.list(run, 0))
                .isEqualTo(
                        new Listing.Files(
                                files.entrySet().stream()
                                        .map(f -> new File(f.getKey(), f.getValue().length))
                                        .toList(),
                                0));
        for (var file : files.entrySet()) {
            assertThat(read(file.getKey())).isEqualTo(file.getValue());
            assertThat(artifacts.open(run, file.getKey()).orElseThrow().size())
                    .isEqualTo(file.getValue().length);
        }
    }

    @Test
    void readByteByByteItIsTheSame() throws Exception {
        byte[] content = random(600, 1);
        var files = new TreeMap<>(Map.of("a", content, "b", random(600, 2)));
        keep(TestTar.write(files));

        try (var bytes = artifacts.open(run, "a").orElseThrow().bytes()) {
            for (byte expected : content) {
                assertThat(bytes.read()).isEqualTo(expected & 0xff);
            }
            assertThat(bytes.read()).isEqualTo(-1);
            assertThat(bytes.read(new byte[10])).isEqualTo(-1);
        }
    }

    @Test
    void aRunWithoutArtifactsHasNone() throws Exception {
        assertThat(artifacts.list(run, 0)).isEqualTo(new Listing.None());
        assertThat(artifacts.open(run, "a")).isEmpty();

        keep(new byte[0]);
        assertThat(artifacts.list(run, 0)).isEqualTo(new Listing.None());
        assertThat(artifacts.open(run, "a")).isEmpty();

        keep(TestTar.of(Map.of()));
        assertThat(artifacts.list(run, 0)).isEqualTo(new Listing.None());
    }

    @Test
    void onlyThePlansArtifactsAreServedNoCacheAndNoDependencies() throws Exception {
        byte[] archive = TestTar.of(Map.of("key", "private"));
        keep(Phase.PLAN, "cache", archive);
        keep(Phase.PRE_PLAN, "dependencies", archive);
        keep(Phase.PRE_PLAN, "artifacts", archive);

        assertThat(artifacts.list(run, 0)).isEqualTo(new Listing.None());
        assertThat(artifacts.open(run, "key")).isEmpty();
    }

    @Test
    void anotherRunsArtifactsAreNotThisOnes() throws Exception {
        keep(TestTar.of(Map.of("a", "mine")));

        assertThat(artifacts.list(RunId.random(), 0)).isEqualTo(new Listing.None());
        assertThat(artifacts.open(RunId.random(), "a")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "b", "a/", "/a", "./a", "x/../a", "a\0", "A", "d"})
    void aPathThatIsNotLetterForLetterInTheListIsNotThere(String path) throws Exception {
        keep(TestTar.of(Map.of("a", "1", "d/e", "2")));

        assertThat(artifacts.open(run, path)).isEmpty();
    }

    @Test
    void anArchiveThatIsGoneIsToldSoAndItsFilesAreNotThere() throws Exception {
        var blob = keep(TestTar.of(Map.of("a", "1")));
        Files.delete(blob.file());

        assertThat(artifacts.list(run, 0))
                .isEqualTo(new Listing.Unreadable("the archive was removed"));
        assertThat(artifacts.open(run, "a")).isEmpty();
    }

    @Test
    void anArchiveThatIsCutWhileItIsReadIsAFaultAndNotAShorterFile() throws Exception {
        var blob = keep(TestTar.write(new TreeMap<>(Map.of("a", random(9_000, 1)))));

        try (var bytes = artifacts.open(run, "a").orElseThrow().bytes()) {
            try (var file = FileChannel.open(blob.file(), StandardOpenOption.WRITE)) {
                file.truncate(5_000);
            }
            assertThatThrownBy(bytes::readAllBytes).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void manyFilesAreListedPageByPageAndAllAreServed() throws Exception {
        var files = new TreeMap<String, String>();
        for (int i = 10_000; i < 14_001; i++) {
            files.put("f" + i, "" + i);
        }
        keep(TestTar.of(files));

        assertThat(pages()).containsExactly(2_000, 2_000, 1);
        assertThat(read("f14000")).asString().isEqualTo("14000");
        assertThat(artifacts.list(run, 9_999)).isEqualTo(new Listing.Files(List.of(), 0));

        keep(TestTar.of(files.headMap("f12000")));
        assertThat(pages()).containsExactly(2_000);
    }

    @Test
    void aPageOfLongNamesIsShorter() throws Exception {
        var files = new TreeMap<String, String>();
        String folder = ("d".repeat(250) + "/").repeat(16);
        for (int i = 100; i < 200; i++) {
            files.put(folder + i, "");
        }
        keep(TestTar.of(files));

        assertThat(pages()).containsExactly(33, 33, 33, 1);
        assertThat(read(folder + 199)).isEmpty();
    }

    /// How many files each page lists.
    private List<Integer> pages() {
        var sizes = new ArrayList<Integer>();
        int from = 0;
        do {
            var page = (Listing.Files) artifacts.list(run, from);
            sizes.add(page.files().size());
            from = page.next();
        } while (from > 0);
        return sizes;
    }

    @Test
    void whetherThereAreAnyIsAnsweredWithoutTheArchive() throws Exception {
        assertThat(artifacts.mayHave(run)).isFalse();
        keep(TestTar.of(Map.of()));
        assertThat(artifacts.mayHave(run)).isFalse();
        var blob = keep(TestTar.of(Map.of("a", "1")));
        Files.delete(blob.file());
        assertThat(artifacts.mayHave(run)).isTrue();
    }

    static Stream<GuestCase> archives() {
        return GuestCase.read("tar.case").stream();
    }

    @Test
    void t6WhatWasMadeWithASecretIsPrivate() throws Exception {
        assertThat(artifacts.arePrivate(run)).isFalse();
        keep(TestTar.of(Map.of("a", "one")));
        assertThat(artifacts.arePrivate(run)).isFalse();
        byte[] archive = TestTar.of(Map.of("a", "one"));
        blobs.keep(
                new PhaseKey(run, 1, Phase.PLAN),
                "artifacts",
                new Blob(
                        Files.write(directory.resolve("output"), archive),
                        Hash.sha256(archive),
                        archive.length,
                        true),
                BlobMark.NONE);
        assertThat(artifacts.arePrivate(run)).isTrue();
    }

    /// The table's archives (docs/guest-protocol.md), with links out, devices, `..` and the like.
    @ParameterizedTest
    @MethodSource("archives")
    void ofAHostileArchiveNothingIsServedThatIsNotAFileInIt(GuestCase one) throws Exception {
        keep(one.bytes());

        switch (artifacts.list(run, 0)) {
            case Listing.None _, Listing.Removed _, Listing.Private _ -> {}
            case Listing.Unreadable unreadable -> {
                assertThat(unreadable.reason()).isNotBlank();
                for (String line : one.want()) {
                    String[] words = line.split(" ", -1);
                    assertThat(artifacts.open(run, words[words.length - 1])).isEmpty();
                }
            }
            case Listing.Files files -> {
                for (var file : files.files()) {
                    assertThat(file.path()).doesNotStartWith("/").doesNotContain("..");
                    assertThat(contains(one.bytes(), read(file.path()))).isTrue();
                }
            }
        }
    }

    @Test
    void spoiltArchivesAreRefusedOrServeBytesOfTheirOwn() throws Exception {
        var random = new Random(11);
        byte[] good = TestTar.of(Map.of("a", "one", "b/c", "two", "d", "x".repeat(600)));
        int served = 0;
        for (int i = 0; i < 400; i++) {
            byte[] spoilt = Mutations.of(good, random);
            keep(spoilt);
            switch (artifacts.list(run, 0)) {
                case Listing.None _,
                        Listing.Removed _,
                        Listing.Private _,
                        Listing.Unreadable _ -> {}
                case Listing.Files files -> {
                    served++;
                    for (var file : files.files()) {
                        byte[] bytes = read(file.path());
                        assertThat(bytes).hasSize((int) file.size());
                        assertThat(contains(spoilt, bytes)).isTrue();
                    }
                }
            }
        }
        assertThat(served).isBetween(1, 399);
    }

    private static boolean contains(byte[] whole, byte[] part) {
        for (int from = 0; from + part.length <= whole.length; from++) {
            if (Arrays.equals(whole, from, from + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
