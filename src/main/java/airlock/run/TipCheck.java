package airlock.run;

import airlock.event.CommitId;
import airlock.queue.ClaimedRun;
import airlock.queue.Planning;
import airlock.source.Listing;
import airlock.source.Refused;
import airlock.source.SourceException;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import java.util.List;

/// Asks the forge right before post_plan whether the ref still points to the run's commit (T5);
/// otherwise the commit is not published.
public record TipCheck(SourceFetcher fetcher, Planning planning) {
    sealed interface Answer {}

    record There() implements Answer {}

    /// The ref is gone or points to another commit.
    record MovedOn(String why) implements Answer {}

    /// The forge could not be asked.
    ///
    /// @param again whether a later try may succeed
    record Unknown(String why, boolean again) implements Answer {}

    Answer ask(ClaimedRun run, Repositories.Known known) throws InterruptedException {
        try {
            return answer(run, known);
        } catch (SourceException e) {
            return new Unknown(String.valueOf(e.getMessage()), true);
        }
    }

    private Answer answer(ClaimedRun run, Repositories.Known known) throws InterruptedException {
        String ref = RequestWorker.refOf(run.subject());
        return switch (fetcher.tips(known.remote(), List.of(ref))) {
            case Listing.Tips tips ->
                    tips.commitOf(ref)
                            .map(tip -> compare(run, tip))
                            .orElseGet(() -> new MovedOn(ref + " is gone"));
            case Refused refused -> new Unknown(refused.why(), false);
            case Unreachable away -> new Unknown(away.why(), away.retryable());
        };
    }

    private Answer compare(ClaimedRun run, CommitId tip) {
        if (tip.equals(run.commit())) {
            return new There();
        }
        planning.sawTip(run, tip);
        return new MovedOn("the ref points to " + tip.abbreviated() + " by now");
    }
}
