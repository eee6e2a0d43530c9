package airlock.phases;

import airlock.egress.Connection;
import airlock.results.PlaceUse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Counts the connections of a phase's VM, refused ones too, by place. A guest may name any number
/// of places; those beyond [#MOST_PLACES] share a row.
final class ConnectionTable {
    static final int MOST_PLACES = 500;

    /// Limits the reports: a guest can cause a new reason for each connection, such as the name in
    /// its TLS hello.
    static final int MOST_TOLD = 1_000;

    static final String OTHERS = "other places";

    private final Map<String, PlaceUse> rows = new LinkedHashMap<>();
    private int told;

    /// Counts a finished one.
    ///
    /// @return whether to report it: it was refused for another reason than the last refused one to
    ///     its place, and fewer than [#MOST_TOLD] were reported
    synchronized boolean add(Connection connection) {
        boolean known = rows.containsKey(connection.target()) || rows.size() < MOST_PLACES;
        String place = known ? connection.target() : OTHERS;
        PlaceUse before = rows.getOrDefault(place, new PlaceUse(place, 0, 0, 0, 0, ""));
        PlaceUse after = plus(before, connection);
        rows.put(place, after);
        boolean isNews =
                told < MOST_TOLD
                        && after.refused() > before.refused()
                        && !after.reason().equals(before.reason());
        told += isNews ? 1 : 0;
        return isNews;
    }

    private static PlaceUse plus(PlaceUse row, Connection connection) {
        var refusal = connection.refusal();
        return new PlaceUse(
                row.place(),
                row.connections() + (connection.address().isPresent() ? 1 : 0),
                row.sent() + connection.sent(),
                row.received() + connection.received(),
                row.refused() + (refusal.isPresent() ? 1 : 0),
                refusal.map(Connection.Refusal::why).orElse(row.reason()));
    }

    /// In the order in which places were first named.
    synchronized List<PlaceUse> rows() {
        return List.copyOf(rows.values());
    }
}
