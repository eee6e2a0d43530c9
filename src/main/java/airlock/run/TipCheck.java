package airlock.run;

import airlock.event.CommitId;
import airlock.queue.ClaimedRun;
import airlock.queue.Planning;
import airlock.results.PhaseResult;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import java.util.List;
import java.util.Optional;

/// Asks the forge right before post_plan whether the ref still points to the run's commit (T5):
/// what is no longer the tip is not published.
public final class TipCheck {
    private final SourceFetcher fetcher;
    private final Planning planning;

    public TipCheck(SourceFetcher fetcher, Planning planning) {
        this.fetcher = fetcher;
        this.planning = planning;
    }

    /// How the run ends instead of publishing; empty where it may.
    Optional<PhaseResult> before(ClaimedRun run, Repositories.Known known)
            throws InterruptedException {
        String ref = RequestWorker.refOf(run.subject());
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips ->
                    tips.tips().stream()
                            .filter(tip -> tip.ref().equals(ref))
                            .map(Listing.Tip::commit)
                            .findFirst()
                            .map(tip -> compare(run, tip))
                            .orElseGet(() -> Optional.of(superseded(ref + " is gone")));
            case Refused refused -> Optional.of(unknown(refused.why()));
            case Unreachable away -> Optional.of(unknown(away.why()));
        };
    }

    private Optional<PhaseResult> compare(ClaimedRun run, CommitId tip) {
        if (tip.equals(run.commit())) {
            return Optional.empty();
        }
        planning.sawTip(run, tip);
        return Optional.of(superseded("the ref points to " + tip.abbreviated() + " by now"));
    }

    private static PhaseResult superseded(String reason) {
        return new PhaseResult.Cancelled("superseded: " + reason);
    }

    private static PhaseResult unknown(String why) {
        return new PhaseResult.Broke(
                "not published, since the forge could not be asked for the ref's tip: " + why,
                false);
    }
}
