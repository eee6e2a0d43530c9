package airlock.config;

import airlock.config.AirlockConfig.Listen;
import airlock.text.SafeText;
import airlock.yaml.Scalars;
import airlock.yaml.Type;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

final class Addresses {
    private static final Pattern SCP = Pattern.compile("([^/@:]+@)?[^/:]+:[^/].*");
    private static final Pattern LISTEN =
            Pattern.compile("(?:([A-Za-z0-9.-]+)|\\[([0-9A-Fa-f:.]+)]):([0-9]{1,5})");
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(?:\\.[0-9]{1,3}){3}|\\[::1]");

    private Addresses() {}

    /// A web address that ends with its path; a trailing slash is removed.
    static Type<URI> web() {
        return Scalars.TEXT.as(
                "an address such as https://ci.example.org",
                text -> {
                    URI uri = parsed(text, Set.of("http", "https"));
                    refuse(uri.getRawUserInfo() != null, "has a user or password in it");
                    return URI.create(uri.toString().replaceFirst("/+\\z", ""));
                });
    }

    /// A proxy: scheme, host and perhaps a port.
    static Type<URI> proxy() {
        return Scalars.TEXT.as(
                "an address such as http://proxy.example.org:3128",
                text -> {
                    URI uri = parsed(text, Set.of("http"));
                    refuse(
                            uri.getRawUserInfo() != null,
                            "has a user or password in it; those are keys of their own");
                    refuse(uri.getRawPath().length() > 1, "has a path");
                    port(uri.getPort() < 0 ? 80 : uri.getPort());
                    return uri;
                });
    }

    static Type<URI> fetch() {
        return Scalars.TEXT.as(
                "an address such as https://forge.example.org/owner/repository.git or"
                        + " ssh://git@forge.example.org/owner/repository.git",
                Addresses::fetched);
    }

    private static URI fetched(String text) {
        if (!text.contains("://") && SCP.matcher(text).matches()) {
            int colon = text.indexOf(':');
            throw new IllegalArgumentException(
                    "%s is git's short form; write ssh://%s/%s"
                            .formatted(
                                    SafeText.quoted(text),
                                    text.substring(0, colon),
                                    text.substring(colon + 1)));
        }
        URI uri = parsed(text, Set.of("http", "https", "ssh"));
        String user = Optional.ofNullable(uri.getRawUserInfo()).orElse("");
        boolean ssh = uri.getScheme().equals("ssh");
        refuse(
                user.contains(":") || (!ssh && !user.isEmpty()),
                "has a user or password in it; that belongs into `credentials`");
        refuse(uri.getRawPath().length() < 2, "names no repository");
        return uri;
    }

    private static URI parsed(String text, Set<String> schemes) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(shown(text) + " is not a URL", e);
        }
        String scheme = Optional.ofNullable(uri.getScheme()).orElse("");
        refuse(!schemes.contains(scheme), shown(text) + " does not begin with " + sorted(schemes));
        refuse(uri.getHost() == null, "has no host");
        refuse(uri.getRawQuery() != null || uri.getRawFragment() != null, "has a ? or # in it");
        return uri;
    }

    /// Hides texts that may contain a password.
    private static String shown(String text) {
        return text.contains("@") ? "it" : SafeText.quoted(text);
    }

    private static String sorted(Set<String> schemes) {
        return String.join(", ", schemes.stream().sorted().map(s -> s + "://").toList());
    }

    static Type<Listen> listen() {
        return Scalars.TEXT.as(
                "host:port, such as 127.0.0.1:8080 or [::1]:8080",
                text -> {
                    Matcher matcher = LISTEN.matcher(text);
                    refuse(!matcher.matches(), SafeText.quoted(text) + " does not fit");
                    int port = Integer.parseInt(matcher.group(3));
                    refuse(port > 65_535, "port %d is above 65535".formatted(port));
                    String name = matcher.group(1);
                    return new Listen(name == null ? matcher.group(2) : name, port);
                });
    }

    /// Whether a request crosses the network in clear text.
    static boolean isExposed(URI uri) {
        return uri.getScheme().equals("http") && !LOOPBACK.matcher(uri.getHost()).matches();
    }

    static boolean isSameOrigin(URI one, URI other) {
        return origin(one).equals(origin(other));
    }

    private static String origin(URI uri) {
        return uri.getScheme().toLowerCase(Locale.ROOT) + "://" + place(uri);
    }

    /// `HOST:PORT` of a web address.
    static String place(URI uri) {
        return uri.getHost().toLowerCase(Locale.ROOT) + ":" + port(uri);
    }

    static int port(URI uri) {
        int usual = uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
        return uri.getPort() > 0 ? uri.getPort() : usual;
    }

    static int port(@Nullable String digits, int usual) {
        return port(digits == null ? usual : Integer.parseInt(digits));
    }

    static int port(int port) {
        refuse(port < 1 || port > 65_535, "port " + port + " is not within 1 to 65535");
        return port;
    }

    static boolean isLoopback(Listen listen) {
        return listen.host().equals("::1") || LOOPBACK.matcher(listen.host()).matches();
    }

    /// Throws an [IllegalArgumentException] with a message for people.
    static void refuse(boolean wrong, String reason) {
        if (wrong) {
            throw new IllegalArgumentException(reason);
        }
    }
}
