package airlock.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/// Measures two things in turn, so that whatever else the machine does meets both alike.
public final class Rounds {
    private final String name;
    private final int rounds;

    /// @param name what the progress is told of
    /// @param rounds how often each is measured
    public Rounds(String name, int rounds) {
        this.name = name;
        this.rounds = rounds;
    }

    /// Something that is measured anew with each call.
    @FunctionalInterface
    public interface Measured {
        double measure() throws Exception;
    }

    /// Something that takes its time.
    @FunctionalInterface
    public interface Work {
        void run() throws Exception;
    }

    /// How many seconds `work` takes.
    public static double seconds(Work work) throws Exception {
        long start = System.nanoTime();
        work.run();
        return (System.nanoTime() - start) / 1e9;
    }

    /// The medians of both.
    ///
    /// @param reference of what it is held against
    public record Medians(double value, double reference) {}

    /// Measures the reference, then ours, and so on.
    public Medians alternate(Measured ours, Measured reference) throws Exception {
        return alternate(List.of(ours), reference).getFirst();
    }

    /// Measures the reference, then each of ours, and so on; the medians are in the order of ours.
    public List<Medians> alternate(List<Measured> ours, Measured reference) throws Exception {
        var references = new ArrayList<Double>();
        var values = new ArrayList<List<Double>>();
        ours.forEach(_ -> values.add(new ArrayList<>()));
        for (int round = 1; round <= rounds; round++) {
            references.add(reference.measure());
            for (int i = 0; i < ours.size(); i++) {
                values.get(i).add(ours.get(i).measure());
            }
            progress(
                    "round %d of %d: %s against %s"
                            .formatted(
                                    round,
                                    rounds,
                                    values.stream()
                                            .map(List::getLast)
                                            .map(Figure::shown)
                                            .collect(Collectors.joining(" and ")),
                                    Figure.shown(references.getLast())));
        }
        values.forEach(all -> progress(spread(all)));
        progress(spread(references) + ", the reference");
        return values.stream().map(all -> new Medians(median(all), median(references))).toList();
    }

    private static String spread(List<Double> all) {
        return "median %s, from %s to %s"
                .formatted(
                        Figure.shown(median(all)),
                        Figure.shown(Collections.min(all)),
                        Figure.shown(Collections.max(all)));
    }

    /// The median of `ours` alone.
    public double alone(Measured ours) throws Exception {
        var values = new ArrayList<Double>();
        for (int round = 1; round <= rounds; round++) {
            values.add(ours.measure());
            progress("round %d of %d: %s".formatted(round, rounds, Figure.shown(values.getLast())));
        }
        return median(values);
    }

    /// Says where the measuring is, on stderr: stdout is for figures.
    public void progress(String text) {
        System.err.println(name + ": " + text);
    }

    /// The middle one; of an even number, the lower of the two in the middle.
    public static double median(List<Double> values) {
        var sorted = new ArrayList<>(values);
        Collections.sort(sorted);
        return sorted.get((sorted.size() - 1) / 2);
    }
}
