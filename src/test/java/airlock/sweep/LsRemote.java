package airlock.sweep;

import airlock.event.CommitId;
import airlock.house.Programs;
import airlock.source.Changed;
import airlock.source.Fetched;
import airlock.source.Listing;
import airlock.source.Reachable;
import airlock.source.RemoteRepository;
import airlock.source.SourceFetcher;
import airlock.source.Unreachable;
import airlock.source.Wanted;
import java.util.LinkedHashMap;
import java.util.List;

/// Lists refs with the git command, which starts faster than a process of ours.
///
/// @param afterwards runs before the list is returned
record LsRemote(Runnable afterwards) implements SourceFetcher {
    @Override
    public Listing tips(RemoteRepository repository, List<String> prefixes) {
        String url = repository.url().toString();
        if (!Programs.runs("git", "ls-remote", "-q", url, "HEAD")) {
            return new Unreachable(url + " does not answer", true);
        }
        var ids = new LinkedHashMap<String, CommitId>();
        Programs.run("git", "ls-remote", "-q", url)
                .lines()
                .map(line -> line.split("\t"))
                .filter(parts -> prefixes.stream().anyMatch(parts[1]::startsWith))
                .forEach(parts -> ids.put(parts[1], new CommitId(parts[0])));
        afterwards.run();
        return new Listing.Tips(
                ids.entrySet().stream()
                        .filter(entry -> !entry.getKey().endsWith("^{}"))
                        .map(
                                entry ->
                                        new Listing.Tip(
                                                entry.getKey(),
                                                entry.getValue(),
                                                ids.getOrDefault(
                                                        entry.getKey() + "^{}", entry.getValue())))
                        .toList());
    }

    @Override
    public Fetched fetch(Wanted wanted) {
        throw new UnsupportedOperationException("a sweep fetches nothing");
    }

    @Override
    public Reachable reachable(
            RemoteRepository repository, CommitId commit, List<String> branches) {
        throw new UnsupportedOperationException("a sweep asks for no history");
    }

    @Override
    public Changed changed(RemoteRepository repository, String ref, CommitId from, CommitId to) {
        throw new UnsupportedOperationException("a sweep compares nothing");
    }
}
