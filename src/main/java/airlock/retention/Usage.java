package airlock.retention;

import airlock.config.Housekeeping;
import airlock.config.RetainedKind;
import airlock.config.Retention;
import airlock.event.Prunable;
import airlock.event.Prunable.PrunableSum;
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
    /// The items of one owner on one kind.
    ///
    /// @param quota in bytes
    /// @param oldest when the oldest item was last used
    public record Line(
            RetainedKind kind, String owner, int items, long bytes, long quota, Instant oldest) {}

    /// A quota that needed items exceed.
    ///
    /// @param owner see [airlock.event.Prunable.PrunableItem#owner()]; empty for the total of all
    /// @param allowed in bytes
    public record Excess(RetainedKind kind, String owner, long bytes, long allowed) {}

    public Usage {
        lines = List.copyOf(lines);
        excesses = List.copyOf(excesses);
    }

    /// Measures now, which lists all source tars and mirrors.
    public static Usage of(
            Map<RetainedKind, Prunable> prunables,
            Housekeeping housekeeping,
            Function<String, Retention> policy) {
        var lines = new ArrayList<Line>();
        var excesses = new ArrayList<Excess>();
        prunables.forEach(
                (kind, prunable) -> {
                    var look = prunable.look();
                    Choice.byOwner(look.sums())
                            .forEach((owner, own) -> lines.add(line(kind, owner, own, policy)));
                    excesses.addAll(
                            new Choice(kind, policy, housekeeping.total(kind)).excesses(look));
                });
        lines.sort(
                Comparator.comparingLong(Line::bytes)
                        .reversed()
                        .thenComparing(Line::owner)
                        .thenComparing(Line::kind));
        return new Usage(lines, excesses);
    }

    private static Line line(
            RetainedKind kind,
            String owner,
            List<PrunableSum> own,
            Function<String, Retention> policy) {
        return new Line(
                kind,
                owner,
                Math.toIntExact(Choice.sum(own, PrunableSum::items)),
                Choice.sum(own, PrunableSum::bytes),
                policy.apply(owner).quota(kind),
                own.stream().map(PrunableSum::oldest).min(Comparator.naturalOrder()).orElseThrow());
    }
}
