package airlock.web;

import airlock.event.RunId;
import java.util.Optional;

/// The artifacts that every reader of a repository may see: without those of runs that had a
/// secret, or read what had been made with one (T6).
record PublicArtifacts(Artifacts all) implements Artifacts {
    @Override
    public boolean arePrivate(RunId run) {
        return all.arePrivate(run);
    }

    @Override
    public boolean mayHave(RunId run) {
        return all.mayHave(run);
    }

    @Override
    public Listing list(RunId run, int from) {
        return arePrivate(run) ? new Listing.Private() : all.list(run, from);
    }

    @Override
    public Optional<Content> open(RunId run, String path) {
        return arePrivate(run) ? Optional.empty() : all.open(run, path);
    }
}
