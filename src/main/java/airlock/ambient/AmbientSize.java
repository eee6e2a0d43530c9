package airlock.ambient;

import airlock.text.SafeText;
import airlock.yaml.Node.ScalarType;
import airlock.yaml.ScalarReader;
import airlock.yaml.Type;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes in Ambient's configuration: bytes, or a number with a unit in any case, of thousands
/// (`2G`, `10 MB`) or 1024s (`1 GiB`).
final class AmbientSize {
    private static final Pattern SIZE =
            Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) *([A-Za-z]{0,3})");
    private static final Map<String, Integer> POWERS =
            Map.of("", 0, "k", 1, "m", 2, "g", 3, "t", 4, "p", 5);
    private static final int THOUSAND = 1000;
    private static final int BINARY = 1024;

    private AmbientSize() {}

    static Type<Long> type() {
        return new ScalarReader<>(
                "a size such as 2G, 10 MB or 1 GiB",
                "",
                Set.of(ScalarType.TEXT, ScalarType.INTEGER),
                scalar -> of(scalar.text()));
    }

    private static long of(String text) {
        Matcher matcher = SIZE.matcher(text.strip());
        if (matcher.matches()) {
            String unit = matcher.group(2).toLowerCase(Locale.ROOT);
            boolean binary = unit.endsWith("i") || unit.endsWith("ib");
            Integer power = POWERS.get(unit.replaceFirst("i?b?$", ""));
            if (power != null && !unit.equals("i") && !unit.equals("ib")) {
                var bytes =
                        new BigDecimal(matcher.group(1))
                                .multiply(BigDecimal.valueOf(binary ? BINARY : THOUSAND).pow(power))
                                .setScale(0, RoundingMode.DOWN);
                if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0) {
                    return bytes.longValueExact();
                }
            }
        }
        throw new IllegalArgumentException(SafeText.quoted(text) + " is not a size");
    }
}
