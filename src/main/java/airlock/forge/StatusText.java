package airlock.forge;

import airlock.base.Hash;
import airlock.text.SafeText;

/// Cuts the texts of a status to what the forge takes, in code points.
final class StatusText {
    private static final int LONGEST = 255;
    private static final int MARK = 9;

    private StatusText() {}

    static String description(Forge forge, String text) {
        return SafeText.line(text, forge.longestDescription());
    }

    /// A context that is too long ends in a mark of the whole, so that two of them stay two.
    static String context(String context) {
        return length(context) <= LONGEST
                ? context
                : start(context, LONGEST - MARK)
                        + "~"
                        + Hash.sha256(context).substring(0, MARK - 1);
    }

    /// A URL can't be cut: one that is too long is left out.
    static String targetUrl(String url) {
        return length(url) <= LONGEST ? url : "";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String start(String text, int codePoints) {
        return text.substring(0, text.offsetByCodePoints(0, codePoints));
    }
}
