package airlock.source;

import airlock.event.CommitId;
import airlock.event.GitDepth;
import airlock.event.Secret;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;

/// An [Order] as a frame's content.
final class OrderCodec {
    private static final char FETCH = 'F';
    private static final char TIPS = 'T';
    private static final char REACH = 'R';
    private static final char COMPARE = 'C';
    private static final char ANONYMOUS = 'A';
    private static final char BASIC = 'B';
    private static final char KEY = 'K';

    private OrderCodec() {}

    static void write(DataOutputStream out, Order order) throws IOException {
        switch (order) {
            case Order.Fetch fetch -> {
                out.writeByte(FETCH);
                target(out, fetch.target());
                Frames.text(out, fetch.ref());
                Frames.text(out, fetch.commit().hex());
                Frames.text(out, fetch.place().name());
                Frames.list(out, fetch.planFiles(), Frames::text);
                Frames.text(out, fetch.git().name());
                Frames.list(out, fetch.cached(), Frames::text);
            }
            case Order.Tips tips -> {
                out.writeByte(TIPS);
                target(out, tips.target());
                Frames.list(out, tips.prefixes(), Frames::text);
            }
            case Order.Compare compare -> {
                out.writeByte(COMPARE);
                target(out, compare.target());
                Frames.text(out, compare.ref());
                Frames.text(out, compare.from().hex());
                Frames.text(out, compare.to().hex());
            }
            case Order.Reach reach -> {
                out.writeByte(REACH);
                target(out, reach.target());
                Frames.text(out, reach.commit().hex());
                Frames.list(out, reach.refs(), Frames::text);
            }
        }
    }

    static Order read(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case FETCH ->
                    new Order.Fetch(
                            target(in),
                            Frames.text(in),
                            new CommitId(Frames.text(in)),
                            Place.valueOf(Frames.text(in)),
                            Frames.list(in, Frames::text),
                            GitDepth.valueOf(Frames.text(in)),
                            Frames.list(in, Frames::text));
            case TIPS -> new Order.Tips(target(in), Frames.list(in, Frames::text));
            case COMPARE ->
                    new Order.Compare(
                            target(in),
                            Frames.text(in),
                            new CommitId(Frames.text(in)),
                            new CommitId(Frames.text(in)));
            case REACH ->
                    new Order.Reach(
                            target(in),
                            new CommitId(Frames.text(in)),
                            Frames.list(in, Frames::text));
            default -> throw new IOException("an order of unknown kind " + kind);
        };
    }

    private static void target(DataOutputStream out, Order.Target target) throws IOException {
        Frames.text(out, target.url());
        login(out, target.login());
        SourceLimits limits = target.limits();
        out.writeLong(limits.size());
        out.writeInt(limits.files());
        out.writeLong(limits.fileSize());
        out.writeInt(limits.pathLength());
        out.writeInt(limits.depth());
        out.writeInt(limits.planFileSize());
        out.writeLong(limits.time().toMillis());
    }

    private static Order.Target target(DataInputStream in) throws IOException {
        return new Order.Target(
                Frames.text(in),
                login(in),
                new SourceLimits(
                        in.readLong(),
                        in.readInt(),
                        in.readLong(),
                        in.readInt(),
                        in.readInt(),
                        in.readInt(),
                        Duration.ofMillis(in.readLong())));
    }

    private static void login(DataOutputStream out, Order.Login login) throws IOException {
        switch (login) {
            case Order.Login.Anonymous _ -> out.writeByte(ANONYMOUS);
            case Order.Login.Basic basic -> {
                out.writeByte(BASIC);
                Frames.text(out, basic.user());
                Frames.text(out, basic.password().reveal());
            }
            case Order.Login.Key key -> {
                out.writeByte(KEY);
                Frames.text(out, key.privateKey().reveal());
                Frames.text(out, key.knownHosts());
            }
        }
    }

    private static Order.Login login(DataInputStream in) throws IOException {
        int kind = in.readByte();
        return switch (kind) {
            case ANONYMOUS -> new Order.Login.Anonymous();
            case BASIC -> new Order.Login.Basic(Frames.text(in), new Secret(Frames.text(in)));
            case KEY -> new Order.Login.Key(new Secret(Frames.text(in)), Frames.text(in));
            default -> throw new IOException("a login of unknown kind " + kind);
        };
    }
}
