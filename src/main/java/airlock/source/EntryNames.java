package airlock.source;

import airlock.text.SafeText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;

/// The names that an entry of a tree may have (H1). Git's own checks depend on the platform; a tar
/// may be unpacked on any, so names that NTFS or HFS+ would take for `.git` are refused as well.
final class EntryNames {
    private static final int LONGEST = 255;

    /// The zero-width and directional characters of Apple's TN1150, as git lists them too.
    private static final Pattern IGNORED_BY_HFS =
            Pattern.compile("[\\u200c-\\u200f\\u202a-\\u202e\\u206a-\\u206f\\ufeff]");

    private EntryNames() {}

    /// Decodes a name.
    ///
    /// @param what for the message
    /// @throws SourceException a refusal, if the bytes are not UTF-8
    static String text(byte[] bytes, int from, int to, String what) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from))
                    .toString();
        } catch (CharacterCodingException e) {
            String shown = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
            throw SourceException.refusal(
                    what + " is not UTF-8: " + SafeText.quoted(shown, SafeText.SAID));
        }
    }

    /// Fails with a refusal if `name` must not be in a tree.
    ///
    /// @param directory the path of its directory with a slash at the end, empty at the top
    /// @param bytes how long the name is in UTF-8
    static void check(String directory, String name, int bytes) {
        String reason = "";
        if (name.isEmpty()) {
            reason = "an empty name";
        } else if (name.indexOf('\0') >= 0 || name.indexOf('/') >= 0) {
            reason = "a name with a slash or NUL";
        } else if (bytes > LONGEST) {
            reason = "a name longer than " + LONGEST + " bytes";
        } else if (isDots(visible(name))) {
            reason = "a name that means this or the upper directory";
        } else if (isGit(name)) {
            reason = "a name that some file systems take for .git";
        }
        if (!reason.isEmpty()) {
            throw SourceException.refusal(
                    "the tree holds "
                            + reason
                            + ": "
                            + SafeText.quoted(directory + name, SafeText.SAID));
        }
    }

    private static boolean isDots(String name) {
        return name.equals(".") || name.equals("..");
    }

    private static boolean isGit(String name) {
        String lower = visible(name).toLowerCase(Locale.ROOT);
        if (!lower.contains("git")) {
            return false; // the quick way out for nearly all names
        }
        // on NTFS, `\` separates directories, and `:` begins the name of a stream
        for (String part : lower.split("\\\\", -1)) {
            String base = part.split(":", -1)[0].replaceAll("[. ]+$", "");
            if (base.equals(".git") || base.matches("git~[0-9]+")) {
                return true;
            }
        }
        return false;
    }

    private static String visible(String name) {
        return IGNORED_BY_HFS.matcher(name).replaceAll("");
    }
}
