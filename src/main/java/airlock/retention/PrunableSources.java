package airlock.retention;

import airlock.event.Prunable;
import airlock.event.Prunable.PrunableItem;
import airlock.event.Prunable.PrunableLook;
import airlock.event.RepositoryId;
import airlock.queue.InUse;
import airlock.source.SourceFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The source tars as a [Prunable]. No row changes, since missing tars are made again. The check
/// that a tar is not needed and its renaming are one transaction.
public final class PrunableSources implements Prunable {
    private final SourceFiles files;
    private final InUse needs;

    public PrunableSources(SourceFiles files, InUse needs) {
        this.files = files;
        this.needs = needs;
    }

    @Override
    public PrunableLook look() {
        return PrunableLook.of(this::items);
    }

    private List<PrunableItem> items() {
        Set<Path> needed = needs.sources();
        var tars = files.tars();
        Map<Path, Instant> uses = needs.lastUses(tars.stream().map(tar -> tar.path()).toList());
        return tars.stream()
                .map(
                        tar ->
                                new PrunableItem(
                                        tar.repository().toString(),
                                        tar.path().toString(),
                                        tar.bytes(),
                                        later(tar.changed(), uses.get(tar.path())),
                                        needed.contains(tar.path()),
                                        Instant.MAX,
                                        tar.outside()))
                .toList();
    }

    static Instant later(Instant one, @Nullable Instant other) {
        return other != null && other.isAfter(one) ? other : one;
    }

    @Override
    public boolean remove(PrunableItem item) {
        Path tar = Path.of(item.key());
        boolean aside =
                needs.unless(RepositoryId.parse(item.owner()), tar, () -> files.setAside(tar));
        if (aside) {
            files.removeAside(tar);
        }
        return aside;
    }

    @Override
    public int tidy() {
        int removed = 0;
        for (var half : files.unfinished()) {
            if (needs.unless(half.repository(), half.path(), () -> files.remove(half.path()))) {
                removed++;
            }
        }
        return removed;
    }

    /// The mirrors as a [Prunable]. A mirror is removed as a whole and made again by the next
    /// fetch; one that a fetch has open stays.
    public static final class PrunableMirrors implements Prunable {
        private final SourceFiles files;
        private final InUse needs;

        public PrunableMirrors(SourceFiles files, InUse needs) {
            this.files = files;
            this.needs = needs;
        }

        @Override
        public PrunableLook look() {
            return PrunableLook.of(this::items);
        }

        private List<PrunableItem> items() {
            var mirrors = files.mirrors();
            var requests =
                    needs.lastRequests(
                            mirrors.stream().map(mirror -> mirror.repository()).toList());
            return mirrors.stream()
                    .map(
                            mirror ->
                                    new PrunableItem(
                                            mirror.repository().toString(),
                                            mirror.path().toString(),
                                            mirror.bytes(),
                                            PrunableSources.later(
                                                    mirror.changed(),
                                                    requests.get(mirror.repository())),
                                            false,
                                            Instant.MAX,
                                            mirror.outside()))
                    .toList();
        }

        @Override
        public boolean remove(PrunableItem item) {
            return files.removeMirror(Path.of(item.key()));
        }

        @Override
        public int tidy() {
            return files.removeHalves();
        }
    }
}
