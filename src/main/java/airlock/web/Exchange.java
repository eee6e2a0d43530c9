package airlock.web;

import io.javalin.http.Context;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HexFormat;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// One request with its connection and its share of the [ReadBudget], which it holds until the last
/// byte of the answer is sent.
final class Exchange implements AutoCloseable {
    private static final String NAME = "airlock.exchange";

    private final EndPoint connection;
    private final String address;
    private ReadBudget.@Nullable Share share;
    private volatile long end = Long.MAX_VALUE;

    private Exchange(EndPoint connection, String address) {
        this.connection = connection;
        this.address = address;
    }

    static Exchange begin(Request request) {
        var exchange =
                new Exchange(
                        request.getConnectionMetaData().getConnection().getEndPoint(),
                        address(
                                Request.getRemoteAddr(request),
                                request.getHeaders().get("X-Forwarded-For")));
        request.setAttribute(NAME, exchange);
        return exchange;
    }

    static Exchange of(Context ctx) {
        return (Exchange) ctx.req().getAttribute(NAME);
    }

    /// The address that limits count: the last one that a proxy on this machine forwards, else the
    /// peer's. IPv6 addresses count by network, since one household has 2^64 of them.
    static String address(String peer, @Nullable String forwarded) {
        try {
            var at = InetAddress.ofLiteral(peer);
            if (at.isLoopbackAddress() && forwarded != null) {
                at =
                        InetAddress.ofLiteral(
                                forwarded.substring(forwarded.lastIndexOf(',') + 1).strip());
            }
            byte[] bytes = at.getAddress();
            return bytes.length == 4
                    ? at.getHostAddress()
                    : HexFormat.of().formatHex(bytes, 0, 8) + "/64";
        } catch (IllegalArgumentException e) {
            return peer;
        }
    }

    EndPoint connection() {
        return connection;
    }

    String address() {
        return address;
    }

    synchronized void hold(ReadBudget.Share taken) {
        share = taken;
    }

    /// The answer is complete: keeps only `bytes` of its share.
    ///
    /// @param limit how long the client may take to read all of it
    synchronized void built(long bytes, Duration limit) {
        end = System.nanoTime() + limit.toNanos();
        keep(bytes);
    }

    /// Gives back all but `bytes` of its share.
    synchronized void keep(long bytes) {
        if (share != null) {
            share.keep(bytes);
        }
    }

    /// Takes `bytes` more; returns false if the budget does not have them.
    synchronized boolean grow(long bytes) {
        return share == null || share.grow(bytes);
    }

    /// Nanoseconds that the client has left to read the answer.
    long left() {
        return end == Long.MAX_VALUE ? end : end - System.nanoTime();
    }

    @Override
    public synchronized void close() {
        if (share != null) {
            share.close();
            share = null;
        }
    }
}
