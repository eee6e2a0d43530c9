package airlock.retention;

import airlock.config.Housekeeping;
import airlock.config.Retention;
import airlock.config.Shelf;
import airlock.event.Stock;
import airlock.event.StockItem;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Who uses how much of what.
///
/// @param lines largest first
/// @param excesses where more is used than allowed
public record Usage(List<Line> lines, List<Excess> excesses) {
    /// One owner on one shelf.
    ///
    /// @param items how many there are
    /// @param bytes how much room they take
    /// @param quota how much they may take
    /// @param oldest when the oldest was last of use
    public record Line(
            Shelf shelf, String owner, int items, long bytes, long quota, Instant oldest) {}

    public Usage {
        lines = List.copyOf(lines);
        excesses = List.copyOf(excesses);
    }

    /// Looks now; takes as long as listing the files does.
    public static Usage of(
            Map<Shelf, Stock> stocks,
            Housekeeping housekeeping,
            Function<String, Retention> policy) {
        var lines = new ArrayList<Line>();
        var excesses = new ArrayList<Excess>();
        stocks.forEach(
                (shelf, stock) -> {
                    var items = stock.items();
                    Choice.byOwner(items)
                            .forEach((owner, own) -> lines.add(line(shelf, owner, own, policy)));
                    excesses.addAll(
                            new Choice(shelf, policy, housekeeping.total(shelf)).excesses(items));
                });
        lines.sort(
                Comparator.comparingLong(Line::bytes)
                        .reversed()
                        .thenComparing(Line::owner)
                        .thenComparing(Line::shelf));
        return new Usage(lines, excesses);
    }

    private static Line line(
            Shelf shelf, String owner, List<StockItem> own, Function<String, Retention> policy) {
        return new Line(
                shelf,
                owner,
                own.size(),
                Choice.sum(own),
                policy.apply(owner).quota(shelf),
                own.stream().map(StockItem::used).min(Comparator.naturalOrder()).orElseThrow());
    }
}
