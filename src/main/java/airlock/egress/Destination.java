package airlock.egress;

import airlock.config.HostName;

/// Where a guest wants to connect to.
///
/// @param port 1 to 65,535
record Destination(HostName host, int port) {
    private static final int LAST_PORT = 65_535;
    private static final int MOST_DIGITS = 5;

    /// What a guest's words are.
    sealed interface Reading {
        /// A place to connect to, if the list lets it.
        record Read(Destination destination) implements Reading {}

        /// None.
        ///
        /// @param why for people: what follows the words
        record Refused(String why) implements Reading {}
    }

    /// Reads `HOST:PORT`. Addresses are refused: no list has them.
    static Reading read(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return new Reading.Refused("has no port");
        }
        String digits = text.substring(colon + 1);
        boolean isNumber =
                !digits.isEmpty()
                        && digits.length() <= MOST_DIGITS
                        && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        int port = isNumber ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > LAST_PORT || digits.startsWith("0")) {
            return new Reading.Refused("has no port from 1 to 65535");
        }
        return switch (HostName.read(text.substring(0, colon))) {
            case HostName.Reading.Named(var host) -> new Reading.Read(new Destination(host, port));
            case HostName.Reading.Refused(var why) -> new Reading.Refused(why);
        };
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
