package airlock.local;

import airlock.event.CommitId;
import airlock.event.Phase;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.event.TrustClass;
import airlock.event.Verdict;
import airlock.queue.Claims;
import airlock.queue.NewRun;
import airlock.queue.Planning;
import airlock.results.Blob;
import airlock.results.BlobOwner;
import airlock.results.Blobs;
import airlock.results.PhaseKey;
import java.util.List;
import java.util.Map;

/// Gives a queue that knows nothing yet what an earlier run left, as a run of it that passed.
record EarlierOutputs(Claims claims, Planning planning, Blobs blobs, TrustClass trust) {
    /// @param run like the one that is to begin with it
    /// @param outputs by name; the files are moved
    void give(
            RepositoryId repository,
            Subject subject,
            CommitId commit,
            NewRun run,
            Map<String, Blob> outputs) {
        var request = claims.claimRequest().orElseThrow();
        planning.planned(request, trust, commit, List.of(run));
        var claimed = claims.claimRun().orElseThrow();
        outputs.forEach(
                (name, output) -> {
                    var _ =
                            blobs.keep(
                                    new PhaseKey(claimed.id(), claimed.generation(), Phase.PLAN),
                                    name,
                                    output,
                                    new BlobOwner(repository, subject, trust, false));
                });
        claims.end(claimed, Verdict.PASSED, "");
    }
}
