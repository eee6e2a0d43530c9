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

/// An entry of an allow-list: `HOST:PORT`, `HOST:PORT = ADDRESS`, or `*.DOMAIN:PORT`, whose port
/// may be left out and is 443 then.
///
/// @param host the host, or the domain below which hosts may be
/// @param isDomain whether all hosts below it are meant; not the domain itself
/// @param port 1 to 65,535
/// @param address where it is, whatever resolvers say; the only way to an address that is not
///     public
/// @param encryptedHello whether a TLS client may hide which server it wants (ECH)
/// @param comment what it is for, in the operator's words; empty where none is given
public record AllowedHost(
        HostName host,
        boolean isDomain,
        int port,
        Optional<InetAddress> address,
        boolean encryptedHello,
        String comment) {
    private static final int HTTPS = 443;
    private static final int LAST_PORT = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(\\*\\.)?([^\\s:=]+)(?::([0-9]{1,5}))?(?:\\s*=\\s*(\\S+))?");
    private static final Pattern IPV4 =
            Pattern.compile("(?:(?:0|[1-9][0-9]{0,2})\\.){3}(?:0|[1-9][0-9]{0,2})");

    public AllowedHost {
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("port " + port + " is not within 1 to 65535");
        }
        if (isDomain && address.isPresent()) {
            throw new IllegalArgumentException("all hosts of a domain can't have one address");
        }
        if (isDomain && !host.text().contains(".")) {
            throw new IllegalArgumentException(
                    "would let all of *.%s; a domain has a dot in it".formatted(host));
        }
    }

    /// One without a comment.
    public AllowedHost(
            HostName host,
            boolean isDomain,
            int port,
            Optional<InetAddress> address,
            boolean encryptedHello) {
        this(host, isDomain, port, address, encryptedHello, "");
    }

    /// Reads an entry.
    ///
    /// @throws IllegalArgumentException where it is none, with what follows "the text"
    public static AllowedHost of(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "is none of HOST:PORT, HOST:PORT = ADDRESS and *.DOMAIN");
        }
        boolean isDomain = form.group(1) != null;
        HostName host =
                switch (HostName.read(form.group(2))) {
                    case HostName.Reading.Named(var name) -> name;
                    case HostName.Reading.Refused(var why) ->
                            throw new IllegalArgumentException(
                                    "names no host: " + form.group(2) + " " + why);
                };
        if (form.group(3) == null && !isDomain) {
            throw new IllegalArgumentException("has no port; for https write " + host + ":443");
        }
        int port = form.group(3) == null ? HTTPS : Integer.parseInt(form.group(3));
        return new AllowedHost(
                host,
                isDomain,
                port,
                Optional.ofNullable(form.group(4)).map(AllowedHost::literal),
                false);
    }

    /// The keys of an entry that says more than a text can.
    @Setting.Group(title = "entry")
    private record Keys(
            @Setting(type = "place") AllowedHost host,
            @Setting(or = "false") boolean ech,
            @Setting(or = "\"\"") String comment) {
        private AllowedHost entry() {
            return new AllowedHost(host.host, host.isDomain, host.port, host.address, ech, comment);
        }
    }

    /// A text, or a mapping that says more.
    static Type<AllowedHost> type() {
        Type<AllowedHost> text =
                Scalars.TEXT.as("HOST:PORT, HOST:PORT = ADDRESS or *.DOMAIN", AllowedHost::of);
        return Compounds.mappingOr(
                Binder.standard().with("place", text).section(Keys.class).map(Keys::entry),
                text,
                text.expected() + ", or `{host: …, ech: true, comment: …}`");
    }

    /// An address as it is written, without asking anybody.
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

    /// Whether it lets anybody connect to `port` of `other`.
    public boolean lets(HostName other, int otherPort) {
        return port == otherPort && (isDomain ? other.isBelow(host) : other.equals(host));
    }

    /// What both let; about the address this one decides.
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

    /// As it can be written in a list of the configuration.
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

    /// As a text.
    @Override
    public String toString() {
        return (isDomain ? "*." : "")
                + host
                + ":"
                + port
                + address.map(pin -> " = " + pin.getHostAddress()).orElse("");
    }
}
