package airlock.bench;

import java.util.Locale;
import java.util.OptionalDouble;

/// One measured figure.
///
/// @param name as docs/performance.md has it
/// @param unit of the value and of the reference; one with `/s` is a rate, any other a time
/// @param reference what it is held against, empty where there is nothing
public record Figure(String name, double value, String unit, OptionalDouble reference) {
    /// The unit of what there should be none of.
    public static final String COUNTED = "leaks";

    private static final int FIELDS = 4;
    private static final String NONE = "-";

    public Figure {
        boolean isMeasured = unit.equals(COUNTED) ? value >= 0 : value > 0;
        if (!Double.isFinite(value) || !isMeasured || reference.orElse(1) <= 0) {
            throw new IllegalArgumentException(
                    "%s: %s against %s is no measurement".formatted(name, value, reference));
        }
    }

    /// A figure with something to hold it against.
    public static Figure against(double reference, String name, double value, String unit) {
        return new Figure(name, value, unit, OptionalDouble.of(reference));
    }

    /// A figure with nothing to hold it against.
    public static Figure alone(String name, double value, String unit) {
        return new Figure(name, value, unit, OptionalDouble.empty());
    }

    /// How many times better than the reference it is: above 1 is better.
    OptionalDouble ratio() {
        if (reference.isEmpty()) {
            return reference;
        }
        double other = reference.getAsDouble();
        return OptionalDouble.of(unit.contains("/s") ? value / other : other / value);
    }

    /// One line for the file in which a run of the bench gathers its figures.
    public String line() {
        return String.join(
                "\t",
                name,
                Double.toString(value),
                unit,
                reference.isPresent() ? Double.toString(reference.getAsDouble()) : NONE);
    }

    /// Reads what [#line] wrote.
    static Figure parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("not a line of figures: '" + line + "'");
        }
        double value = Double.parseDouble(fields[1]);
        return fields[3].equals(NONE)
                ? alone(fields[0], value, fields[2])
                : against(Double.parseDouble(fields[3]), fields[0], value, fields[2]);
    }

    /// Three significant digits, as a person reads a measurement.
    static String shown(double number) {
        if (number >= 100) {
            return String.format(Locale.ROOT, "%,.0f", number);
        }
        return String.format(Locale.ROOT, number >= 10 ? "%.1f" : "%.2f", number);
    }
}
