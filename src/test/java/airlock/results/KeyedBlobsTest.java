package airlock.results;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.base.Hash;
import airlock.event.Phase;
import airlock.event.PrunableItems;
import airlock.event.RepositoryId;
import airlock.event.RunId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.results.Blobs.BlobMark;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Which dependencies a run may have without its own pre_plan (T6).
final class KeyedBlobsTest extends BlobFixture {
    private static final String KEY = "a".repeat(64);
    private static final String OTHER = "b".repeat(64);

    private int made;

    private Blob leave(RepositoryId repository, Subject subject, TrustClass trust, boolean secret)
            throws Exception {
        now = now.plusSeconds(60);
        made++;
        byte[] bytes = ("dependencies " + made).getBytes(StandardCharsets.UTF_8);
        return keep(
                run(repository, subject, trust, "main"),
                Phase.PRE_PLAN,
                "dependencies",
                bytes,
                Hash.sha256(bytes),
                secret,
                BlobMark.of(KEY));
    }

    private Blob leave(Subject subject, TrustClass trust) throws Exception {
        return leave(OURS, subject, trust, false);
    }

    private record Taken(RunId run, Optional<Blobs.Found> found) {
        Optional<String> hash() {
            return found.map(it -> it.blob().sha256());
        }
    }

    private Taken take(Subject subject, TrustClass trust, String key, long room) {
        now = now.plusSeconds(60);
        var run = run(OURS, subject, trust, "main");
        var phase = new PhaseKey(run, 1, Phase.PRE_PLAN);
        return new Taken(run, blobs.take(phase, MAIN, key, room));
    }

    private Taken take(Subject subject, TrustClass trust) {
        return take(subject, trust, KEY, 1000);
    }

    @Test
    void whatIsTakenIsTheRunsOwnFromThenOn() throws Exception {
        var left = leave(MAIN, TrustClass.LISTED);
        var then = now;

        var taken = take(MAIN, TrustClass.LISTED);

        assertThat(taken.hash()).contains(left.sha256());
        assertThat(taken.found().orElseThrow().made()).isEqualTo(then);
        assertThat(blobs.of(taken.run(), Phase.PRE_PLAN, "dependencies")).contains(left);
        assertThat(take(MAIN, TrustClass.LISTED).found().orElseThrow().made())
                .as("its age is that of what a pre_plan made")
                .isEqualTo(then);
        assertThat(take(MAIN, TrustClass.LISTED, OTHER, 1000).found()).isEmpty();
        assertThat(take(MAIN, TrustClass.LISTED, KEY, left.bytes() - 1).found()).isEmpty();
    }

    @Test
    void t6WhatALowerClassLeftIsNeverTaken() throws Exception {
        leave(CHANGE, TrustClass.OUTSIDE);
        leave(OURS, MAIN, TrustClass.OUTSIDE, false);
        leave(OURS, new Subject.Change(8, "main"), TrustClass.OUTSIDE, false);
        assertThat(take(CHANGE, TrustClass.INSIDE).found()).isEmpty();
        assertThat(take(MAIN, TrustClass.INSIDE).found()).isEmpty();

        leave(MAIN, TrustClass.INSIDE);
        assertThat(take(MAIN, TrustClass.LISTED).found()).isEmpty();
    }

    @Test
    void t6WhatIsGivenOnHasTheLowerClass() throws Exception {
        var left = leave(MAIN, TrustClass.LISTED);
        assertThat(take(TOPIC, TrustClass.INSIDE).hash()).contains(left.sha256());
        forgetOf(MAIN);

        assertThat(take(TOPIC, TrustClass.LISTED).found()).as("it was an inside run's").isEmpty();
        assertThat(take(TOPIC, TrustClass.INSIDE).hash()).contains(left.sha256());
    }

    private void forgetOf(Subject subject) {
        database.write(
                handle ->
                        handle.execute(
                                "UPDATE blob SET removed_at = 1 WHERE subject = ?", subject.key()));
    }

    @Test
    void t6ARunFromOutsideTakesNothingPrivateAndNobodyAnotherRepositorys() throws Exception {
        leave(OURS, MAIN, TrustClass.LISTED, true);
        leave(THEIRS, MAIN, TrustClass.LISTED, false);
        assertThat(take(CHANGE, TrustClass.OUTSIDE).found()).isEmpty();

        var secret = take(MAIN, TrustClass.LISTED);
        assertThat(secret.found()).isPresent();
        assertThat(blobs.of(secret.run(), Phase.PRE_PLAN, "dependencies").orElseThrow())
                .as("private for ever")
                .matches(Blob::isPrivate);

        var open = leave(MAIN, TrustClass.LISTED);
        assertThat(take(CHANGE, TrustClass.OUTSIDE).hash()).contains(open.sha256());
    }

    @Test
    void anArchiveWithOtherBytesIsNeverGiven() throws Exception {
        var older = leave(MAIN, TrustClass.LISTED);
        var newer = leave(MAIN, TrustClass.LISTED);
        Files.writeString(newer.file(), "something else");

        assertThat(take(MAIN, TrustClass.LISTED).hash()).contains(older.sha256());

        Files.writeString(older.file(), "something else");
        var none = take(MAIN, TrustClass.LISTED);
        assertThat(none.found()).isEmpty();
        assertThat(blobs.of(none.run(), Phase.PRE_PLAN, "dependencies")).isEmpty();
    }

    @Test
    void whatAMachineRefusedIsNotGivenAgain() throws Exception {
        leave(MAIN, TrustClass.LISTED);
        var taken = take(MAIN, TrustClass.LISTED);

        blobs.forgetDependencies(taken.run());

        assertThat(take(MAIN, TrustClass.LISTED).found()).isEmpty();
    }

    @Test
    void archivesOfWhichSomeRunKeepsTheSameForLongerStay() throws Exception {
        keep(1, Duration.ofHours(1));
        keep(2, Duration.ofHours(1));
        keep(2, Duration.ofHours(3));
        keep(3, Duration.ofHours(1));
        keep(3, Duration.ZERO);
        var then = now;

        assertThat(PrunableItems.of(blobs.prunable()))
                .extracting(item -> item.bytes() + " " + item.expires())
                .containsExactlyInAnyOrder(
                        "1 " + then.plus(Duration.ofHours(1)),
                        "2 " + then.plus(Duration.ofHours(3)),
                        "3 " + Instant.MAX);
    }

    private void keep(int number, Duration age) throws Exception {
        keep(
                run(OURS, MAIN, TrustClass.LISTED, "main"),
                Phase.PLAN,
                "artifacts",
                new byte[number],
                hash(number),
                false,
                new BlobMark("", "", true, Optional.of(age).filter(Duration::isPositive)));
    }

    @Test
    void theListTellsSinceWhenItIsReused() throws Exception {
        leave(MAIN, TrustClass.LISTED);
        var then = now;
        now = now.plus(Duration.ofDays(3));
        take(MAIN, TrustClass.LISTED);
        var caches = new Caches(database, blobs, () -> now);

        assertThat(caches.list(""))
                .singleElement()
                .returns(Optional.of(then), Caches.Entry::keyed)
                .returns(now, Caches.Entry::made);
    }
}
