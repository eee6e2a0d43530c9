package airlock.secrets;

/// What came of the wish for a key with a certificate.
public sealed interface Certified {
    /// Here it is. Never prints the key.
    ///
    /// @param privateFile a private key file, without a passphrase
    /// @param certificate on one line, as OpenSSH writes it
    record Made(byte[] privateFile, String certificate) implements Certified {
        @Override
        public String toString() {
            return "Made[***]";
        }
    }

    /// There is none.
    ///
    /// @param why with what to do
    record Refused(String why) implements Certified {}
}
