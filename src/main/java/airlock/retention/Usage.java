package airlock.retention;

import airlock.config.Housekeeping;
import airlock.config.Retention;
import airlock.config.Shelf;
import airlock.event.Stock;
import airlock.event.Stock.StockSum;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The disk space that each owner uses.
///
/// @param lines largest first
/// @param excesses the quotas that are exceeded
public record Usage(List<Line> lines, List<Excess> excesses) {
    /// The items of one owner on one shelf.
    ///
    /// @param quota in bytes
    /// @param oldest when the oldest item was last used
    public record Line(
            Shelf shelf, String owner, int items, long bytes, long quota, Instant oldest) {}

    /// A quota that needed items exceed.
    ///
    /// @param owner see [airlock.event.Stock.StockItem#owner()]; empty for the total of all
    /// @param allowed in bytes
    public record Excess(Shelf shelf, String owner, long bytes, long allowed) {}

    public Usage {
        lines = List.copyOf(lines);
        excesses = List.copyOf(excesses);
    }

    /// Measures now, which lists all source tars and mirrors.
    public static Usage of(
            Map<Shelf, Stock> stocks,
            Housekeeping housekeeping,
            Function<String, Retention> policy) {
        var lines = new ArrayList<Line>();
        var excesses = new ArrayList<Excess>();
        stocks.forEach(
                (shelf, stock) -> {
                    var look = stock.look();
                    Choice.byOwner(look.sums())
                            .forEach((owner, own) -> lines.add(line(shelf, owner, own, policy)));
                    excesses.addAll(
                            new Choice(shelf, policy, housekeeping.total(shelf)).excesses(look));
                });
        lines.sort(
                Comparator.comparingLong(Line::bytes)
                        .reversed()
                        .thenComparing(Line::owner)
                        .thenComparing(Line::shelf));
        return new Usage(lines, excesses);
    }

    private static Line line(
            Shelf shelf, String owner, List<StockSum> own, Function<String, Retention> policy) {
        return new Line(
                shelf,
                owner,
                Math.toIntExact(Choice.sum(own, StockSum::items)),
                Choice.sum(own, StockSum::bytes),
                policy.apply(owner).quota(shelf),
                own.stream().map(StockSum::oldest).min(Comparator.naturalOrder()).orElseThrow());
    }
}
