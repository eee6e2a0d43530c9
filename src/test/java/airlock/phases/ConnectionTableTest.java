package airlock.phases;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.egress.Connection;
import airlock.phases.PhaseUplink.ConnectionTable;
import airlock.results.PhaseView.PlaceUse;
import java.net.InetAddress;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
    private static final InetAddress THERE = InetAddress.ofLiteral("1.2.3.4");

    private final ConnectionTable table = new ConnectionTable();

    private static Connection refused(String target, String why) {
        var refusal = new Connection.Refusal(why, Optional.empty());
        return new Connection(target, Optional.empty(), 0, 0, Optional.of(refusal));
    }

    @Test
    void connectionsToAPlaceAreAddedUp() {
        var refusal = new Connection.Refusal("was ended", Optional.empty());

        assertThat(table.add(new Connection("a:1", Optional.of(THERE), 10, 200, Optional.empty())))
                .isFalse();
        assertThat(table.add(new Connection("a:1", Optional.of(THERE), 1, 2, Optional.of(refusal))))
                .isTrue();
        table.add(new Connection("b:2", Optional.of(THERE), 5, 6, Optional.empty()));

        assertThat(table.rows())
                .containsExactly(
                        new PlaceUse("a:1", 2, 11, 202, 1, "was ended"),
                        new PlaceUse("b:2", 1, 5, 6, 0, ""));
    }

    @Test
    void aRefusalIsToldOnceForItsReason() {
        assertThat(table.add(refused("a:1", "is not on the list"))).isTrue();
        assertThat(table.add(refused("a:1", "is not on the list"))).isFalse();
        assertThat(table.add(refused("a:1", "has no address"))).isTrue();
        assertThat(table.add(refused("b:1", "is not on the list"))).isTrue();
    }

    @Test
    void whoeverFindsANewReasonEachTimeIsNotToldOfForEver() {
        int told = 0;
        for (int i = 0; i < 10_000; i++) {
            told += table.add(refused("a:1", "wants host-" + i)) ? 1 : 0;
        }
        assertThat(told).isEqualTo(ConnectionTable.MOST_TOLD);
        assertThat(table.rows().getFirst().refused()).isEqualTo(10_000);
    }

    @Test
    void placesBeyondTheMostShareARowAndAreToldOnce() {
        int told = 0;
        for (int i = 0; i < 100_000; i++) {
            told += table.add(refused("host-" + i + ":1", "is not on the list")) ? 1 : 0;
        }
        assertThat(told).isEqualTo(ConnectionTable.MOST_PLACES + 1);
        assertThat(table.rows()).hasSize(ConnectionTable.MOST_PLACES + 1);
        assertThat(table.rows().getLast())
                .isEqualTo(
                        new PlaceUse(
                                ConnectionTable.OTHERS,
                                0,
                                0,
                                0,
                                100_000 - ConnectionTable.MOST_PLACES,
                                "is not on the list"));
    }
}
