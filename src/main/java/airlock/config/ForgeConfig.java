package airlock.config;

import airlock.event.ForgeKind;
import airlock.event.Secret;
import airlock.yaml.Setting;
import airlock.yaml.Values;
import java.net.URI;
import java.util.Optional;

/// A git hosting site. Its URLs have no slash at the end.
@Setting.Group(
        title = "forges.NAME",
        about =
                "A git hosting site. Choose a NAME of a-z, 0-9 and `-`, and keep it: hook URLs"
                        + " contain it.")
public record ForgeConfig(
        @Setting.Name String name,
        @Setting(value = "Which software the forge runs.", example = "forgejo") ForgeKind kind,
        @Setting(value = "The forge's web address.", type = "web", example = "https://codeberg.org")
                URI url,
        @Setting(
                        name = "api",
                        value = "The base address of the forge's API.",
                        without =
                                "`URL/api/v1` for Gitea and Forgejo, `https://api.github.com` for"
                                        + " GitHub, `URL/api/v3` for other GitHub servers",
                        type = "web",
                        example = "https://codeberg.org/api/v1")
                Optional<URI> ownApi,
        @Setting(
                        value =
                                "An access token that can set commit statuses and read change"
                                        + " requests of the repositories.",
                        type = "secret",
                        cure = "put the forge's access token into PATH and `chmod 600 PATH`",
                        example = "{file: secrets/codeberg-token}")
                Secret token)
        implements Setting.Checked {
    @Override
    public void check(Values values) {
        if (Addresses.isExposed(api())) {
            values.place(ownApi.isPresent() ? "api" : "url")
                    .warning("http sends the token in clear text; use https");
        }
    }

    public URI api() {
        return ownApi.orElseGet(
                () ->
                        switch (kind) {
                            case GITEA, FORGEJO -> URI.create(url + "/api/v1");
                            case GITHUB ->
                                    url.getHost().equals("github.com")
                                            ? URI.create("https://api.github.com")
                                            : URI.create(url + "/api/v3");
                        });
    }
}
