package airlock.web;

import airlock.event.TrustClass;
import airlock.results.PhaseTimes;
import airlock.results.Times;
import airlock.text.TextStyle;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// Formats values for pages.
///
/// @param now when the page is made
public record Show(Instant now) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
    private static final int KIBI = 1024;

    /// `2026-11-24 10:01:02 UTC`.
    public String time(Instant time) {
        return TIME.format(time);
    }

    /// As ISO 8601, to the second, for programs.
    public String iso(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /// How long ago that was, or the date if more than a week.
    public String ago(Instant time) {
        long seconds = Math.max(0, Duration.between(time, now).toSeconds());
        if (seconds < 60) {
            return "just now";
        } else if (seconds < 3600) {
            return seconds / 60 + " min ago";
        } else if (seconds < 24 * 3600) {
            return seconds / 3600 + " h ago";
        } else if (seconds < 7 * 24 * 3600) {
            long days = seconds / (24 * 3600);
            return days == 1 ? "yesterday" : days + " days ago";
        }
        return DATE.format(time);
    }

    /// `0.4 s`, `12 s`, `1 min 03 s`, `2 h 05 min`.
    public static String duration(Duration duration) {
        long seconds = duration.toSeconds();
        if (duration.toMillis() < 10_000) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        } else if (seconds < 60) {
            return seconds + " s";
        } else if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d min", seconds / 3600, seconds / 60 % 60);
    }

    /// How long something took, or has taken so far; empty if it has not begun.
    public String took(Times times) {
        return times.start().isEmpty() ? "" : duration(times.took(now));
    }

    /// For how many seconds something has been running; -1 if it is not running.
    public long goingOnFor(Times times) {
        return times.isRunning() ? times.took(now).toSeconds() : -1;
    }

    public static String vm(PhaseTimes times) {
        return "VM (%s): start %s, work %s, end %s"
                .formatted(
                        times.beginningWord(),
                        duration(times.start()),
                        duration(times.work()),
                        duration(times.end()));
    }

    /// `part` in thousandths of a VM's whole time.
    public static int share(Duration part, PhaseTimes times) {
        return (int) (part.toMillis() * 1000 / Math.max(1, times.whole().toMillis()));
    }

    /// `17 bytes`, `1.4 MiB`.
    public static String bytes(long bytes) {
        if (bytes < KIBI) {
            return bytes == 1 ? "1 byte" : bytes + " bytes";
        }
        double value = bytes;
        int unit = -1;
        while (value >= KIBI && unit < UNITS.length - 1) {
            value /= KIBI;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }

    public static String trust(TrustClass trust) {
        return switch (trust) {
            case OUTSIDE -> "outside: no secrets, no post_plan";
            case INSIDE -> "inside: no secrets, no post_plan";
            case LISTED -> "listed: may have secrets and a post_plan";
        };
    }

    /// A value in the query of a URL.
    static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// The path of a URL; its slashes stay.
    static String path(String text) {
        return query(text).replace("+", "%20").replace("%2F", "/");
    }

    /// Text for HTML and XML.
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    public static String css(TextStyle style) {
        return ((style.bold() ? "b" : "")
                        + css(" f", style.foreground())
                        + css(" k", style.background()))
                .strip();
    }

    private static String css(String prefix, int colour) {
        return colour == TextStyle.NO_COLOUR ? "" : prefix + colour;
    }
}
