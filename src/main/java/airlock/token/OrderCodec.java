package airlock.token;

import airlock.config.HostName;
import airlock.event.Secret;
import airlock.token.TokenOrder.Credential;
import airlock.token.TokenOrder.Origin;
import airlock.token.TokenOrder.Way;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/// An order on its way to its process: texts as [DataOutputStream#writeUTF] has them, the
/// certificates as their length and UTF-8.
final class OrderCodec {
    private static final int MOST_AUTHORITIES = 4 << 20;

    private OrderCodec() {}

    static void write(DataOutputStream out, TokenOrder order) throws IOException {
        Origin origin = order.origin();
        out.writeUTF(order.name());
        out.writeUTF(origin.host().text());
        out.writeInt(origin.port());
        out.writeInt(origin.addresses().size());
        for (InetAddress address : origin.addresses()) {
            out.writeUTF(address.getHostAddress());
        }
        writeWay(out, origin.way());
        byte[] authorities = origin.authorities().getBytes(StandardCharsets.UTF_8);
        if (authorities.length > MOST_AUTHORITIES) {
            throw new IOException("the certificates have more than " + MOST_AUTHORITIES + " bytes");
        }
        out.writeInt(authorities.length);
        out.write(authorities);
        out.writeUTF(order.pathPrefix());
        out.writeUTF(order.credential().header());
        out.writeUTF(order.credential().value().reveal());
        out.writeUTF(String.join(" ", order.methods()));
        out.writeLong(order.limits().connect().toMillis());
        out.writeLong(order.limits().silence().toMillis());
        out.writeInt(order.limits().requests());
        out.flush();
    }

    private static void writeWay(DataOutputStream out, Optional<Way> way) throws IOException {
        out.writeBoolean(way.isPresent());
        if (way.isPresent()) {
            out.writeUTF(way.get().address().getHostAddress());
            out.writeInt(way.get().port());
            out.writeUTF(way.get().authorization().map(Secret::reveal).orElse(""));
        }
    }

    static TokenOrder read(DataInputStream in) throws IOException {
        return new TokenOrder(
                in.readUTF(),
                new Origin(
                        new HostName(in.readUTF()),
                        in.readInt(),
                        addresses(in),
                        way(in),
                        authorities(in)),
                in.readUTF(),
                new Credential(in.readUTF(), new Secret(in.readUTF())),
                new LinkedHashSet<>(List.of(in.readUTF().split(" ", -1))),
                new TokenLimits(
                        Duration.ofMillis(in.readLong()),
                        Duration.ofMillis(in.readLong()),
                        in.readInt()));
    }

    private static List<InetAddress> addresses(DataInputStream in) throws IOException {
        List<InetAddress> addresses = new ArrayList<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            addresses.add(InetAddress.ofLiteral(in.readUTF()));
        }
        return addresses;
    }

    private static Optional<Way> way(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return Optional.empty();
        }
        var address = InetAddress.ofLiteral(in.readUTF());
        int port = in.readInt();
        var authorization = Optional.of(in.readUTF()).filter(text -> !text.isEmpty());
        return Optional.of(new Way(address, port, authorization.map(Secret::new)));
    }

    private static String authorities(DataInputStream in) throws IOException {
        return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
}
