package airlock.web;

import airlock.event.RunId;
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Artifacts in memory.
final class InMemoryArtifacts implements Artifacts {
    private static final int PAGE = 100;

    private final Map<RunId, Map<String, byte[]>> runs = new HashMap<>();
    private final Map<RunId, Listing> others = new HashMap<>();
    private final Set<RunId> secret = new HashSet<>();

    void put(RunId run, String path, byte[] bytes) {
        runs.computeIfAbsent(run, _ -> new TreeMap<>()).put(path, bytes);
    }

    void put(RunId run, Listing listing) {
        others.put(run, listing);
    }

    void putPrivate(RunId run) {
        secret.add(run);
    }

    @Override
    public boolean arePrivate(RunId run) {
        return secret.contains(run);
    }

    @Override
    public boolean mayHave(RunId run) {
        return !(list(run, 0) instanceof Listing.None);
    }

    @Override
    public Listing list(RunId run, int from) {
        var files = runs.get(run);
        return files == null
                ? others.getOrDefault(run, new Listing.None())
                : new Listing.Files(
                        files.entrySet().stream()
                                .skip(from)
                                .limit(PAGE)
                                .map(file -> new File(file.getKey(), file.getValue().length))
                                .toList(),
                        files.size() > from + PAGE ? from + PAGE : 0);
    }

    @Override
    public Optional<Content> open(RunId run, String path) {
        return Optional.ofNullable(runs.getOrDefault(run, Map.of()).get(path))
                .map(bytes -> new Content(bytes.length, new ByteArrayInputStream(bytes)));
    }
}
