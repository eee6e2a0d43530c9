package airlock.source;

import airlock.text.SafeText;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Which names a tree's entry may have (H1). Git's own checks vary with the platform; a tar may
/// be unpacked on any, so the strictest hold here: what NTFS or HFS+ would take for `.git` is
/// refused too.
final class EntryNames {
    private static final int LONGEST = 255;

    private EntryNames() {}

    /// Reads a name's bytes.
    ///
    /// @param what what is read, for the message
    /// @throws SourceException a refusal, if they are not UTF-8
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

    /// Fails with a refusal where `name` must not be in a tree.
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
        if (isPlain(name)) {
            return false;
        }
        // NTFS: `\` separates, and so does what comes after `:`, which names a stream
        for (String part : visible(name).toLowerCase(Locale.ROOT).split("\\\\", -1)) {
            String base = part.split(":", -1)[0].replaceAll("[. ]+$", "");
            if (base.equals(".git") || base.matches("git~[0-9]+")) {
                return true;
            }
        }
        return false;
    }

    /// The quick way out for nearly all names: neither `.git` nor `git~1` can hide in these.
    private static boolean isPlain(String name) {
        boolean suspicious = false;
        boolean hasGit = false;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            hasGit |= c == 'g' || c == 'G';
            suspicious |= c == '.' || c == '~';
        }
        return !(suspicious && hasGit);
    }

    /// `name` without the characters that HFS+ ignores.
    private static String visible(String name) {
        if (name.chars().noneMatch(EntryNames::isIgnoredByHfs)) {
            return name;
        }
        return name.chars()
                .filter(c -> !isIgnoredByHfs(c))
                .collect(
                        StringBuilder::new,
                        (text, c) -> text.append((char) c),
                        StringBuilder::append)
                .toString();
    }

    /// The zero-width and directional characters of Apple's TN1150, as git lists them too.
    private static boolean isIgnoredByHfs(int c) {
        return (c >= 0x200c && c <= 0x200f)
                || (c >= 0x202a && c <= 0x202e)
                || (c >= 0x206a && c <= 0x206f)
                || c == 0xfeff;
    }
}
