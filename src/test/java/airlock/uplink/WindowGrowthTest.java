package airlock.uplink;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.uplink.UplinkStream.Piece;
import airlock.uplink.UplinkStream.WindowGrowth;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The number of bytes that a guest may send ahead.
final class WindowGrowthTest {
    private final WindowGrowth growth = new WindowGrowth(Uplink.GROWTH);

    /// A stream with the number of bytes that the guest may send now.
    private final class Sender {
        private int credit = UplinkStream.FIRST_WINDOW;
        private final UplinkStream stream =
                new UplinkStream(1, frame -> credit += ((Frame.Window) frame).bytes(), growth);

        /// Sends a frame, which the host takes at once.
        void sendAndTake() throws Exception {
            int length = Math.min(credit, Frame.MOST_DATA);
            stream.data(new byte[length]);
            credit -= length;
            assertThat(stream.take()).isInstanceOf(Piece.Bytes.class);
        }
    }

    @Test
    void theWindowOfAStreamWhoseBytesAreTakenGrowsToItsLimit() throws Exception {
        var sender = new Sender();
        sendMuch(List.of(sender));
        assertThat(sender.credit).isBetween(UplinkStream.WINDOW / 2, UplinkStream.WINDOW);
    }

    @Test
    void theWindowsOfAllStreamsTogetherGrowByNoMoreThanOneBound() throws Exception {
        var senders = senders(Uplink.MOST_STREAMS);
        sendMuch(senders);
        assertThat(senders.stream().mapToInt(sender -> sender.credit).sum())
                .isGreaterThan(Uplink.GROWTH)
                .isLessThanOrEqualTo(
                        Uplink.MOST_STREAMS * UplinkStream.FIRST_WINDOW + Uplink.GROWTH);
    }

    @Test
    void whatAStreamHasGrownByIsForOthersOnceItIsOver() throws Exception {
        var senders = senders(Uplink.MOST_STREAMS);
        sendMuch(senders);
        var last = List.of(senders.getLast());
        sendMuch(last);
        assertThat(senders.getLast().credit).isLessThanOrEqualTo(UplinkStream.FIRST_WINDOW);

        senders.getFirst().stream.leave();
        sendMuch(last);
        assertThat(senders.getLast().credit).isGreaterThan(UplinkStream.WINDOW / 2);
    }

    private List<Sender> senders(int count) {
        var senders = new ArrayList<Sender>();
        for (int i = 0; i < count; i++) {
            senders.add(new Sender());
        }
        return senders;
    }

    private static void sendMuch(List<Sender> senders) throws Exception {
        for (var sender : senders) {
            for (int i = 0; i < 64; i++) {
                sender.sendAndTake();
            }
        }
    }
}
