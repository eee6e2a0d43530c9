package airlock.config;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.yaml.Key;
import airlock.yaml.Scalars;
import airlock.yaml.Section;
import airlock.yaml.Values;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// A forge, given its name.
final class ForgeSection {
    private static final Key<ForgeKind> KIND =
            Key.required("kind", Scalars.choice(kinds()), "Which software the forge runs.")
                    .example("forgejo");
    private static final Key<URI> URL =
            Key.required("url", Addresses.web(), "The forge's address for people.")
                    .example("https://codeberg.org");
    private static final Key<URI> API =
            Key.free(
                            "api",
                            Addresses.web(),
                            "`URL/api/v1` for Gitea and Forgejo, `https://api.github.com` for"
                                    + " GitHub, `URL/api/v3` for a GitHub of your own",
                            "The base address of the forge's API.")
                    .example("https://codeberg.org/api/v1");

    private final Key<Secret> token;

    ForgeSection(Surroundings surroundings) {
        token =
                Key.required(
                                "token",
                                new SecretType(
                                        surroundings,
                                        "put the forge's access token into PATH and"
                                                + " `chmod 600 PATH`",
                                        false),
                                "An access token that may set commit statuses on the repositories and read"
                                        + " their change requests.")
                        .example("{file: secrets/codeberg-token}");
    }

    private static Map<String, ForgeKind> kinds() {
        var kinds = new LinkedHashMap<String, ForgeKind>();
        for (ForgeKind kind : ForgeKind.values()) {
            kinds.put(kind.key(), kind);
        }
        return kinds;
    }

    Section<Function<String, ForgeConfig>> section() {
        return new Section<>(
                "forges.NAME",
                "A git hosting site. NAME is yours to choose: letters a-z, digits and `-`. Hook"
                        + " URLs have it in them, so don't change it later.",
                List.of(KIND, URL, API, token),
                this::make);
    }

    private Function<String, ForgeConfig> make(Values values) {
        ForgeKind kind = values.get(KIND);
        URI url = values.get(URL);
        URI api = values.find(API).orElseGet(() -> api(kind, url));
        if (Addresses.isExposed(api)) {
            values.place(values.isWritten(API) ? API : URL)
                    .warning("http sends the token in clear; use https");
        }
        return name -> new ForgeConfig(name, kind, url, api, values.get(token));
    }

    private static URI api(ForgeKind kind, URI url) {
        return switch (kind) {
            case GITEA, FORGEJO -> URI.create(url + "/api/v1");
            case GITHUB ->
                    url.getHost().equals("github.com")
                            ? URI.create("https://api.github.com")
                            : URI.create(url + "/api/v3");
        };
    }
}
