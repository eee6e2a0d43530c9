package airlock.config;

import airlock.base.FileFaults;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/// A file with a secret. Its owner may do what they like, its group may read it (so that root can
/// own a file that the server reads), nobody else anything.
sealed interface SecretFile {
    /// It is fit.
    record Content(String text) implements SecretFile {
        @Override
        public String toString() {
            return "Content[***]";
        }
    }

    /// There is none.
    record Missing(Path file) implements SecretFile {}

    /// It is not fit.
    ///
    /// @param reason why, with the cure
    record Refused(String reason) implements SecretFile {}

    /// Larger than any key.
    long LARGEST = 64 * 1024;

    /// What only a careless file has.
    Set<PosixFilePermission> TOO_MUCH =
            Set.of(
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.OTHERS_WRITE,
                    PosixFilePermission.OTHERS_EXECUTE);

    /// Looks at `file` and reads it.
    static SecretFile read(Path file) {
        try {
            var attributes = Files.readAttributes(file, PosixFileAttributes.class);
            if (!attributes.isRegularFile()) {
                return new Refused(file + " is not a regular file");
            }
            if (attributes.permissions().stream().anyMatch(TOO_MUCH::contains)) {
                return new Refused(
                        "others than its owner can read or change %s; run: chmod 600 %s"
                                .formatted(file, file));
            }
            if (attributes.size() > LARGEST) {
                return new Refused(
                        "%s has %,d bytes, at most %,d fit"
                                .formatted(file, attributes.size(), LARGEST));
            }
            return new Content(decode(Files.readAllBytes(file)));
        } catch (NoSuchFileException e) {
            return new Missing(file);
        } catch (AccessDeniedException e) {
            return new Refused(
                    "no permission to read %s as user '%s'"
                            .formatted(file, System.getProperty("user.name")));
        } catch (CharacterCodingException e) {
            return new Refused(file + " is not UTF-8");
        } catch (IOException e) {
            return new Refused("can't read %s: %s".formatted(file, FileFaults.words(e)));
        }
    }

    private static String decode(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }
}
