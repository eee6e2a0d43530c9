package airlock.config;

import airlock.text.SafeText;
import airlock.yaml.Binder;
import airlock.yaml.Compounds;
import airlock.yaml.Scalars;
import airlock.yaml.Setting;
import airlock.yaml.Type;
import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An entry of an allow-list: `HOST:PORT`, `HOST:PORT = ADDRESS`, or `*.DOMAIN:PORT`, whose port is
/// 443 by default.
///
/// @param host the host, or the domain
/// @param isDomain whether it means all hosts below the domain, not the domain itself
/// @param address overrides name resolution; the only way to reach an address that is not public
/// @param encryptedHello whether TLS clients may hide the server's name (ECH)
/// @param comment the operator's; may be empty
public record AllowedHost(
        HostName host,
        boolean isDomain,
        int port,
        Optional<InetAddress> address,
        boolean encryptedHello,
        String comment) {
    private static final int HTTPS = 443;
    private static final Pattern FORM =
            Pattern.compile("(\\*\\.)?([^\\s:=]+)(?::([0-9]{1,5}))?(?:\\s*=\\s*(\\S+))?");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

    public AllowedHost {
        Addresses.port(port);
        if (isDomain && address.isPresent()) {
            throw new IllegalArgumentException("all hosts of a domain can't have one address");
        }
        if (isDomain && !host.text().contains(".")) {
            throw new IllegalArgumentException(
                    "would allow all of *.%s; a domain needs a dot".formatted(host));
        }
    }

    public AllowedHost(
            HostName host,
            boolean isDomain,
            int port,
            Optional<InetAddress> address,
            boolean encryptedHello) {
        this(host, isDomain, port, address, encryptedHello, "");
    }

    /// Parses an entry.
    ///
    /// @throws IllegalArgumentException with the rest of a sentence that begins with the text
    public static AllowedHost of(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException("is not HOST:PORT, HOST:PORT = ADDRESS or *.DOMAIN");
        }
        boolean isDomain = form.group(1) != null;
        HostName host = HostName.of(form.group(2));
        if (form.group(3) == null && !isDomain) {
            throw new IllegalArgumentException("has no port; for https write " + host + ":443");
        }
        return new AllowedHost(
                host,
                isDomain,
                Addresses.port(form.group(3), HTTPS),
                Optional.ofNullable(form.group(4)).map(AllowedHost::literal),
                false);
    }

    /// The keys of an entry in the form of a mapping.
    @Setting.Group(title = "entry")
    private record Keys(
            @Setting(type = "place") AllowedHost host,
            @Setting(or = "false") boolean ech,
            @Setting(or = "\"\"") String comment) {
        private AllowedHost entry() {
            return new AllowedHost(host.host, host.isDomain, host.port, host.address, ech, comment);
        }
    }

    static Type<AllowedHost> type() {
        Type<AllowedHost> text =
                Scalars.TEXT.as("HOST:PORT, HOST:PORT = ADDRESS or *.DOMAIN", AllowedHost::of);
        return Compounds.mappingOr(
                Binder.standard().with("place", text).section(Keys.class).map(Keys::entry),
                text,
                text.expected() + ", or `{host: …, ech: true, comment: …}`");
    }

    /// Parses an address without resolving it.
    private static InetAddress literal(String text) {
        boolean isIpv6 = text.contains(":") && !text.contains("%");
        if (!isIpv6 && !IPV4.matcher(text).matches()) {
            throw new IllegalArgumentException("has no IPv4 or IPv6 address behind its =");
        }
        InetAddress address = InetAddress.ofLiteral(text);
        if (address.isAnyLocalAddress() || address.isMulticastAddress()) {
            throw new IllegalArgumentException("has an address that no single host has");
        }
        return address;
    }

    /// Whether it allows connections to a port of a host.
    public boolean lets(HostName other, int otherPort) {
        return port == otherPort && (isDomain ? other.isBelow(host) : other.equals(host));
    }

    /// The intersection of both; this entry's address wins.
    Optional<AllowedHost> meeting(AllowedHost other) {
        if (port != other.port) {
            return Optional.empty();
        }
        if (isWithin(other)) {
            return Optional.of(this);
        }
        return other.isWithin(this) ? Optional.of(other) : Optional.empty();
    }

    private boolean isWithin(AllowedHost other) {
        return host.equals(other.host)
                ? isDomain == other.isDomain
                : other.isDomain && host.isBelow(other.host);
    }

    /// The entry as YAML for a list of the configuration.
    public String yaml() {
        if (!encryptedHello && comment.isEmpty()) {
            return isDomain ? quoted(toString()) : toString();
        }
        return "{host: "
                + quoted(toString())
                + (encryptedHello ? ", ech: true" : "")
                + (comment.isEmpty() ? "" : ", comment: " + quoted(comment))
                + "}";
    }

    private static String quoted(String text) {
        return '"' + SafeText.line(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    @Override
    public String toString() {
        return (isDomain ? "*." : "")
                + host
                + ":"
                + port
                + address.map(pin -> " = " + pin.getHostAddress()).orElse("");
    }
}
