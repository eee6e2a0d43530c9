package airlock.sweep;

import airlock.event.CommitId;
import airlock.event.CommitSummary;
import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.queue.Findings;
import airlock.queue.Findings.KnownTip;
import airlock.queue.Findings.SweepFinding;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.sweep.Sweeper.HinderedException;
import airlock.sweep.Sweeper.SweepTarget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.stream.Gatherers;

/// Compares the branches and tags of `ls-remote` with the recorded ones.
///
/// An empty list where refs were recorded is not believed: the forge has lost its disk, not its
/// branches.
final class RefSweep {
    private static final List<String> PREFIXES = List.of("refs/heads/", "refs/tags/");
    private static final Duration LONGEST = Duration.ofMinutes(1);
    private static final int MOST_REFS = 100_000;

    /// Findings in one transaction, so that webhooks do not wait for many.
    private static final int TOGETHER = 100;

    private final SourceFetcher fetcher;
    private final Findings findings;

    /// Fetch processes are mainly for commits, so a forge that hangs occupies at most one.
    private final Semaphore turn = new Semaphore(1, true);

    RefSweep(SourceFetcher fetcher, Findings findings) {
        this.fetcher = fetcher;
        this.findings = findings;
    }

    /// Compares the refs of one repository.
    ///
    /// @param first whether unknown refs are recorded instead of tested
    /// @return how many requests it caused
    int sweep(SweepTarget target, boolean first) throws InterruptedException {
        // read before the request: the next sweep handles changes during it
        Map<String, KnownTip> recorded = findings.refs(target.id());
        return switch (list(target)) {
            case Listing.Tips tips -> {
                int requests = compare(target, first, recorded, tips.tips());
                // the repository answers, so fetches of requests that broke may work now
                yield requests + findings.retryBroken(target.id(), target.remote().mark());
            }
            case Refused refused -> throw new HinderedException(refused.why());
            case Unreachable away -> throw new HinderedException(away.why());
        };
    }

    private Listing list(SweepTarget target) throws InterruptedException {
        turn.acquire();
        try {
            return fetcher.tips(target.remote().within(LONGEST), PREFIXES);
        } finally {
            turn.release();
        }
    }

    private int compare(
            SweepTarget target,
            boolean first,
            Map<String, KnownTip> recorded,
            List<Listing.Tip> tips) {
        if (tips.isEmpty() && !recorded.isEmpty()) {
            throw new HinderedException(
                    "the forge shows no branch and no tag, where %d were recorded; nothing is concluded from that"
                            .formatted(recorded.size()));
        }
        if (tips.size() > MOST_REFS) {
            throw new HinderedException(
                    "it has %d branches and tags; up to %d are compared"
                            .formatted(tips.size(), MOST_REFS));
        }
        var gone = new HashMap<>(recorded);
        var moved = new ArrayList<SweepFinding>();
        var baseline = new ArrayList<KnownTip>();
        for (var tip : tips) {
            var known = Optional.ofNullable(gone.remove(tip.ref()));
            if (known.filter(k -> k.commit().equals(tip.id())).isPresent()) {
                continue;
            }
            var subject = subject(tip.ref());
            if (subject.isEmpty()) {
                continue; // webhooks reject this name, too
            }
            if (first && known.isEmpty()) {
                baseline.add(new KnownTip(subject.get(), tip.id()));
            } else {
                moved.add(new SweepFinding(known, event(target.id(), subject.get(), tip.id())));
            }
        }
        gone.values()
                .forEach(
                        known ->
                                moved.add(
                                        new SweepFinding(
                                                Optional.of(known),
                                                new ForgeEvent.Deleted(
                                                        target.id(), known.subject()))));
        return keep(target, moved, baseline);
    }

    private int keep(SweepTarget target, List<SweepFinding> moved, List<KnownTip> baseline) {
        baseline.stream()
                .gather(Gatherers.windowFixed(TOGETHER))
                .forEach(some -> findings.keepBaseline(target.id(), some));
        return moved.stream()
                .gather(Gatherers.windowFixed(TOGETHER))
                .mapToInt(some -> findings.keep(some, target.policy()))
                .sum();
    }

    private static Optional<Subject> subject(String ref) {
        try {
            if (Subject.MergeGroup.isBranchOfOne(ref)) {
                return Optional.of(Subject.MergeGroup.of(ref));
            }
            return Optional.of(
                    ref.startsWith("refs/tags/") ? new Subject.Tag(ref) : new Subject.Branch(ref));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ForgeEvent event(RepositoryId repository, Subject subject, CommitId tip) {
        return switch (subject) {
            case Subject.Branch branch ->
                    new ForgeEvent.Pushed(
                            repository, branch, CommitId.NONE, tip, CommitSummary.NONE, false);
            case Subject.Tag tag ->
                    new ForgeEvent.Tagged(repository, tag, CommitId.NONE, tip, CommitSummary.NONE);
            case Subject.MergeGroup group ->
                    new ForgeEvent.MergeGroupOffered(repository, group, tip, CommitSummary.NONE);
            case Subject.Change change ->
                    throw new IllegalArgumentException(change + " is no branch and no tag");
        };
    }
}
