package airlock.agent;

/// An Ed25519 key that signs and does not show its private half.
public interface Signer {
    /// The public half as SSH sends it (RFC 8709, 4).
    byte[] publicBlob();

    /// What `ssh-add -L` shows behind it; printable ASCII.
    String comment();

    /// Signs (RFC 8032): 64 bytes.
    byte[] sign(byte[] data);
}
