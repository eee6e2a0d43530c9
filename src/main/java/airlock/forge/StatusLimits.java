package airlock.forge;

import airlock.base.Hash;
import airlock.text.SafeText;

/// Cuts the texts of a status to the forge's limits, in code points.
final class StatusLimits {
    private static final int LONGEST = 255;
    private static final int MARK = 9;

    private StatusLimits() {}

    static String description(Forge forge, String text) {
        return SafeText.line(text, forge.traits().longestDescription());
    }

    /// A cut context ends in a hash of the whole, so that different contexts stay different.
    static String context(String context) {
        return length(context) <= LONGEST
                ? context
                : context.substring(0, context.offsetByCodePoints(0, LONGEST - MARK))
                        + "~"
                        + Hash.sha256(context).substring(0, MARK - 1);
    }

    /// Leaves out a URL that is too long.
    static String targetUrl(String url) {
        return length(url) <= LONGEST ? url : "";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
