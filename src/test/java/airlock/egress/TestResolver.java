package airlock.egress;

import airlock.config.HostName;
import airlock.egress.LookUps.Resolver;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A resolver with fixed addresses, which records the look-ups.
final class TestResolver implements Resolver {
    private final Map<String, List<InetAddress>> known = new HashMap<>();
    private final List<String> asked = new ArrayList<>();

    void put(String host, String... addresses) {
        known.put(host, Stream.of(addresses).map(InetAddress::ofLiteral).toList());
    }

    List<String> asked() {
        return asked;
    }

    @Override
    public List<InetAddress> addresses(HostName host) {
        asked.add(host.text());
        return known.getOrDefault(host.text(), List.of());
    }
}
