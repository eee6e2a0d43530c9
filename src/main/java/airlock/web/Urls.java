package airlock.web;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Percent-encodes text for URLs.
final class Urls {
    private Urls() {}

    static String query(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /// A path; its slashes stay.
    static String path(String text) {
        return query(text).replace("+", "%20").replace("%2F", "/");
    }
}
