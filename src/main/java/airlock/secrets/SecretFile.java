package airlock.secrets;

/// One file of a secrets drive, below `/ci/secrets`. Never prints its content.
///
/// @param name a plain file name
/// @param mode the permission bits, such as 0600
public record SecretFile(String name, int mode, byte[] content) {
    @Override
    public String toString() {
        return "SecretFile[%s, %04o, ***]".formatted(name, mode);
    }
}
