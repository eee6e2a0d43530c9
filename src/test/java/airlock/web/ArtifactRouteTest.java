package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Verdict;
import airlock.web.Api.ArtifactRoute;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactRouteTest {
    private static final String RUN = "/runs/passedaaaaaaaaaaaaaa";

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void run() {
        site.show("passed", Verdict.PASSED, "");
    }

    @Test
    void aFileIsSentWholeAsSomethingThatNoBrowserOpens() {
        byte[] bytes = new byte[300_000];
        new Random(1).nextBytes(bytes);
        site.artifacts.put(Samples.run("passed"), "report/index.html", bytes);
        var answer =
                site.send(
                        site.request(
                                        RUN + "/artifacts/report/index.html",
                                        "Accept-Encoding",
                                        "gzip")
                                .build(),
                        BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(bytes);
        var headers = answer.headers();
        assertThat(headers.firstValue("Content-Type")).hasValue("application/octet-stream");
        assertThat(headers.firstValue("Content-Length")).hasValue("300000");
        assertThat(headers.firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "sandbox");
        assertThat(headers.firstValue("Content-Disposition"))
                .hasValue("attachment; filename=\"index.html\"; filename*=UTF-8''index.html");
    }

    @Test
    void t6WhatWasMadeWithASecretIsShownToHoldersOfATokenAlone() {
        site.artifacts.put(Samples.run("passed"), "key.txt", new byte[] {1, 2, 3});
        site.artifacts.putPrivate(Samples.run("passed"));
        String[] token = {"Authorization", "Bearer " + Site.TOKEN};
        String api = "/api/v1" + RUN + "/artifacts";
        assertThat(text(RUN + "/artifacts")).contains("are private").doesNotContain("key.txt");
        assertThat(text(api)).contains("\"private\"").doesNotContain("key.txt");
        for (String file : List.of(RUN + "/artifacts/key.txt", api + "/key.txt")) {
            assertThat(status(file)).isEqualTo(404);
            assertThat(status(file, "Authorization", "Bearer " + "x".repeat(40))).isEqualTo(404);
            assertThat(status(file, token)).isEqualTo(200);
        }
        assertThat(text(RUN + "/artifacts", token)).contains("key.txt");
        assertThat(text(api, token)).contains("key.txt");
    }

    private String text(String path, String... headers) {
        return site.send(site.request(path, headers).build(), BodyHandlers.ofString()).body();
    }

    private int status(String path, String... headers) {
        return site.send(site.request(path, headers).build(), BodyHandlers.ofString()).statusCode();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b+c&d=e?f#g",
                "100%25.txt",
                "größe/日本.txt",
                "semi;colon",
                "back\\slash",
                "quote\"'<b>.txt",
                "plus+plus",
                "dots/..a/b..",
                "new\nline"
            })
    void eachNameInTheListLeadsToItsFile(String name) {
        site.artifacts.put(Samples.run("passed"), name, new byte[] {1, 2, 3});
        String page = site.page(RUN + "/artifacts").body();
        var link = Pattern.compile("<li><a href=\"([^\"]+)\" download>").matcher(page);
        assertThat(link.find()).isTrue();
        var answer = site.get(link.group(1));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("\u0001\u0002\u0003");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../secret",
                "%2e%2e/secret",
                "..%2fsecret",
                "/etc/passwd",
                "%00",
                "report",
                "report/"
            })
    void whatIsNotInTheListIsNotThere(String path) {
        site.artifacts.put(Samples.run("passed"), "report/index.html", new byte[1]);
        int status = Raw.status(Raw.get(site.port(), RUN + "/artifacts/" + path));
        assertThat(status).isIn(400, 404);
    }

    @Test
    void aHostileNameStaysWithinItsHeader() {
        assertThat(ArtifactRoute.disposition("x/a\"\r\nSet-Cookie: b=c;\u202eé*'.sh"))
                .isEqualTo(
                        "attachment; filename=\"a___Set-Cookie__b_c_____.sh\";"
                                + " filename*=UTF-8''a%22%0D%0ASet-Cookie%3A%20b%3Dc%3B%E2%80%AE%C3%A9%2A%27.sh");
    }

    @Test
    void thePageSaysWhereThereIsNothingOrNothingThatIsServed() {
        assertThat(site.page(RUN + "/artifacts").body()).contains("left no artifacts");
        assertThat(site.page(RUN).body()).doesNotContain("/artifacts\"");
        site.artifacts.put(
                Samples.run("passed"), new Artifacts.Listing.Unreadable("a device node"));
        assertThat(site.page(RUN + "/artifacts").body()).contains("a device node");
        assertThat(site.page(RUN).body()).contains("/artifacts\"");
    }
}
