package airlock.secrets;

import java.nio.charset.StandardCharsets;

/// One file of a secrets drive, below `/ci/secrets`. Never prints its content.
///
/// @param name a plain file name
/// @param mode the permission bits, such as 0600
/// @param isSecret whether logs must not show the content
public record SecretFile(String name, int mode, byte[] content, boolean isSecret) {
    private static final int OWNER = 0600;

    /// One whose content logs must not show.
    static SecretFile secret(String name, byte[] content) {
        return new SecretFile(name, OWNER, content, true);
    }

    /// One that anybody may see, were it not beside the others.
    public static SecretFile plain(String name, String text) {
        return plain(name, text.getBytes(StandardCharsets.UTF_8));
    }

    static SecretFile plain(String name, byte[] content) {
        return new SecretFile(name, OWNER, content, false);
    }

    @Override
    public String toString() {
        return "SecretFile[%s, %04o, ***]".formatted(name, mode);
    }
}
