package airlock.retention;

import airlock.event.Stock;
import airlock.event.StockItem;
import airlock.event.StockLook;
import airlock.queue.InUse;
import airlock.source.SourceFiles;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// The mirrors as a [Stock]. A mirror is removed as a whole and made again by the next fetch; one
/// that a fetch has open stays.
public final class MirrorStock implements Stock {
    private final SourceFiles files;
    private final InUse needs;

    public MirrorStock(SourceFiles files, InUse needs) {
        this.files = files;
        this.needs = needs;
    }

    @Override
    public StockLook look() {
        return StockLook.of(this::items);
    }

    private List<StockItem> items() {
        var mirrors = files.mirrors();
        var requests =
                needs.lastRequests(mirrors.stream().map(mirror -> mirror.repository()).toList());
        return mirrors.stream()
                .map(
                        mirror ->
                                new StockItem(
                                        mirror.repository().toString(),
                                        mirror.path().toString(),
                                        mirror.bytes(),
                                        SourceStock.later(
                                                mirror.changed(),
                                                requests.get(mirror.repository())),
                                        false,
                                        Instant.MAX,
                                        mirror.outside()))
                .toList();
    }

    @Override
    public boolean remove(StockItem item) {
        return files.removeMirror(Path.of(item.key()));
    }

    @Override
    public int tidy() {
        return files.removeHalves();
    }
}
