package airlock.yaml;

import airlock.text.SafeText;
import java.math.BigInteger;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

public final class Units {
    private static final Pattern WITH_UNIT = Pattern.compile("([0-9]{1,18}) ?([A-Za-z]{0,3})");
    private static final int LONGEST_INTEGER = 40;
    private static final Map<String, Long> BYTES = bytes();
    private static final Map<String, Long> SECONDS =
            Map.of("s", 1L, "m", 60L, "h", 3_600L, "d", 86_400L);

    private Units() {}

    private static Map<String, Long> bytes() {
        var units = new LinkedHashMap<String, Long>();
        units.put("TiB", 1L << 40);
        units.put("GiB", 1L << 30);
        units.put("MiB", 1L << 20);
        units.put("KiB", 1L << 10);
        units.put("TB", 1_000_000_000_000L);
        units.put("GB", 1_000_000_000L);
        units.put("MB", 1_000_000L);
        units.put("kB", 1_000L);
        units.put("B", 1L);
        return units;
    }

    /// Parses an integer of the core schema.
    static BigInteger integer(String text) {
        if (text.length() > LONGEST_INTEGER) {
            throw new IllegalArgumentException(SafeText.quoted(text) + " has too many digits");
        }
        if (text.startsWith("0x")) {
            return new BigInteger(text.substring(2), 16);
        }
        return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
    }

    /// Parses a size; bytes without a unit.
    static BigInteger size(String text) {
        Matcher matcher = WITH_UNIT.matcher(text);
        Long unit =
                matcher.matches()
                        ? (matcher.group(2).isEmpty()
                                ? Long.valueOf(1)
                                : BYTES.get(matcher.group(2)))
                        : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    SafeText.quoted(text)
                            + " is not a size (units: kB, MB, GB, TB are thousands,"
                            + " KiB, MiB, GiB, TiB are 1024s)");
        }
        return new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit));
    }

    static BigInteger seconds(String text) {
        Matcher matcher = WITH_UNIT.matcher(text);
        Long unit = matcher.matches() ? SECONDS.get(matcher.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(
                    SafeText.quoted(text) + " is not a duration (units: s, m, h, d)");
        }
        return new BigInteger(matcher.group(1)).multiply(BigInteger.valueOf(unit));
    }

    /// Formats a size with the largest unit that divides it.
    public static String showSize(long bytes) {
        for (Map.Entry<String, Long> unit : BYTES.entrySet()) {
            if (bytes != 0 && bytes % unit.getValue() == 0) {
                return bytes / unit.getValue() + " " + unit.getKey();
            }
        }
        return bytes + " B";
    }

    /// Formats a duration with the largest unit that divides it.
    public static String showDuration(Duration duration) {
        long seconds = duration.toSeconds();
        for (String unit : new String[] {"d", "h", "m"}) {
            long length = SECONDS.getOrDefault(unit, 1L);
            if (seconds != 0 && seconds % length == 0) {
                return seconds / length + unit;
            }
        }
        return seconds + "s";
    }
}
