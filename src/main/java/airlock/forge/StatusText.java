package airlock.forge;

import airlock.base.Hash;
import airlock.event.ForgeKind;
import airlock.text.SafeText;

/// Cuts the texts of a status to what the forge takes, in code points. GitHub refuses a description
/// above 140 with 422; Gitea 1.25.5 was seen to take a million, which nobody reads.
final class StatusText {
    private static final int LONGEST = 255;
    private static final int LONGEST_DESCRIPTION_AT_GITHUB = 140;
    private static final int MARK = 9;

    private StatusText() {}

    static String description(ForgeKind kind, String text) {
        int longest =
                switch (kind) {
                    case GITHUB -> LONGEST_DESCRIPTION_AT_GITHUB;
                    case GITEA, FORGEJO -> LONGEST;
                };
        return SafeText.line(text, longest);
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
