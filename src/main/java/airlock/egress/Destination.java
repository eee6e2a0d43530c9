package airlock.egress;

import airlock.config.HostName;

/// The place that a guest wants to connect to.
///
/// @param port 1 to 65,535
record Destination(HostName host, int port) {
    private static final int LAST_PORT = 65_535;

    sealed interface Reading {
        record Read(Destination destination) implements Reading {}

        /// Not a destination.
        ///
        /// @param why for people: the words behind the target
        record Refused(String why) implements Reading {}
    }

    /// Reads `HOST:PORT`. Refuses addresses, which no list has.
    static Reading read(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            return new Reading.Refused("has no port");
        }
        String digits = text.substring(colon + 1);
        int port = digits.matches("[1-9][0-9]{0,4}") ? Integer.parseInt(digits) : 0;
        if (port < 1 || port > LAST_PORT) {
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
