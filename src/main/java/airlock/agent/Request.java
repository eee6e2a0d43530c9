package airlock.agent;

/// A request of an agent's client (RFC 9987).
sealed interface Request {
    record Identities() implements Request {}

    /// Asks for a signature by `key`, a public one.
    record Sign(byte[] key, byte[] data, long flags) implements Request {}

    /// Binds the stream to one session: `session-bind@openssh.com` of OpenSSH's PROTOCOL.agent, 1.
    ///
    /// @param signature of the session id, by the host key
    /// @param isForwarding whether another host is to use the agent through that session
    record Bind(byte[] hostKey, byte[] sessionId, byte[] signature, boolean isForwarding)
            implements Request {}

    record BrokenBind() implements Request {}

    /// A request that the agent never carries out.
    record Other(String what) implements Request {}

    String BIND = "session-bind@openssh.com";

    /// Longer names are cut in lines for people.
    int MOST_SHOWN = 64;

    int IDENTITIES = 11;
    int SIGN = 13;

    /// The first byte of [Bind] and of all other extensions.
    int EXTENSION = 27;

    /// Reads a message of at least one byte.
    static Request read(byte[] message) {
        var in = new SshBytes(message);
        int kind = in.octet();
        return switch (kind) {
            case IDENTITIES ->
                    in.wasAll() ? new Identities() : new Other("listing keys, malformed");
            case SIGN -> {
                var sign = new Sign(in.string(), in.string(), in.number());
                yield in.wasAll() ? sign : new Other("a signature, malformed");
            }
            case EXTENSION -> extension(in);
            default -> new Other(name(kind));
        };
    }

    private static Request extension(SshBytes in) {
        String name = in.text();
        if (!name.equals(BIND)) {
            return new Other("extension " + shown(name));
        }
        var bind = new Bind(in.string(), in.string(), in.string(), in.truth());
        return in.wasAll() ? bind : new BrokenBind();
    }

    /// A guest's text, printable ASCII, cut for a line for people.
    static String shown(String text) {
        return text.length() <= MOST_SHOWN ? text : text.substring(0, MOST_SHOWN) + "...";
    }

    private static String name(int kind) {
        return switch (kind) {
            case 17, 25 -> "adding a key";
            case 18 -> "removing a key";
            case 19 -> "removing all keys";
            case 20, 26 -> "adding a smartcard's keys";
            case 21 -> "removing a smartcard's keys";
            case 22 -> "locking";
            case 23 -> "unlocking";
            default -> "message " + kind;
        };
    }
}
