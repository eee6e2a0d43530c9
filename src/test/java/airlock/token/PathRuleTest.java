package airlock.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PathRuleTest {
    private final PathRule api = new PathRule("/api/");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/api/",
                "/api/x",
                "/api/x/",
                "/api/a-b_c.d~e/!$&'()*+,=:@",
                "/api/..x/x../.hidden/a.b",
                "/api/with%20space/%41",
                "/api/x?",
                "/api/x?a=../..&b=%2f%2e%2e;c[]=?|^%C3%BC",
                "/api/@scope%2fname",
                "/api/@scope%2Fna.me/-/file.tgz"
            })
    void whatIsBelowThePrefixIsLetThrough(String target) {
        assertThat(api.refusal(target)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api/x",
                "*",
                "https://server.lan/api/x",
                "/",
                "/api",
                "/apix",
                "/API/x",
                "/%61pi/x",
                "//api/x",
                "/x/api/",
                "/api/../admin",
                "/api/x/..",
                "/api/./x",
                "/api/...",
                "/api//x",
                "/api/x//",
                "/api/%2e%2e/admin",
                "/api/%2E./admin",
                "/api/.%2e/admin",
                "/api/..%2fadmin",
                "/api/x%2fy",
                "/api/x%5c..%5cadmin",
                "/api/x%252f..",
                "/api/\\..\\admin",
                "/api/x;/../admin",
                "/api/..;/admin",
                "/api/x%3b",
                "/api/x%00",
                "/api/x%0d%0aHost:%20evil",
                "/api/x%7f",
                "/api/%c0%ae%c0%ae/admin",
                "/api/%ef%bc%8e",
                "/api/%u002e",
                "/api/x%",
                "/api/x%2",
                "/api/x%zz",
                "/api/x#y",
                "/api/x y",
                "/api/\u00fc",
                "/api/\uff0e\uff0e/admin",
                "/api/x\u0000",
                "/api/x\u007f",
                "/api/@scope%2f..",
                "/api/@scope%2f../admin",
                "/api/@..%2fname",
                "/api/@scope%2fa%2fb",
                "/api/@scope%2f",
                "/api/{x}",
                "/api/\"x\"",
                "/api/x?a b",
                "/api/x?a#b",
                "/api/x?a\\b",
                "/api/x?a\u0001",
                "/api/x?a%00",
                "/api/x?\u00fc"
            })
    void whatAServerCouldReadAsAnotherAddressIsRefused(String target) {
        assertThat(api.refusal(target)).isPresent();
    }

    @Test
    void aPrefixWithoutASlashAtItsEndMeansItselfAndWhatIsBelow() {
        var rule = new PathRule("/api");

        assertThat(rule.refusal("/api")).isEmpty();
        assertThat(rule.refusal("/api?x")).isEmpty();
        assertThat(rule.refusal("/api/x")).isEmpty();
        assertThat(rule.refusal("/apix")).isPresent();
        assertThat(rule.refusal("/api.x")).isPresent();
    }

    @Test
    void aSlashMeansAll() {
        var rule = new PathRule("/");

        assertThat(rule.refusal("/")).isEmpty();
        assertThat(rule.refusal("/x/y")).isEmpty();
        assertThat(rule.refusal("//x")).isPresent();
        assertThat(rule.refusal("/..")).isPresent();
    }

    @Test
    void anAddressHasAnEnd() {
        assertThat(api.refusal("/api/" + "x".repeat(8000))).isEmpty();
        assertThat(api.refusal("/api/" + "x".repeat(9000))).isPresent();
        assertThat(api.refusal("/api/" + "x/".repeat(1_000_000))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "api", "//", "/a/../b", "/a%2f", "/a;b", "/\u00fc"})
    void aPrefixThatWouldItselfBeRefusedIsNone(String prefix) {
        assertThatThrownBy(() -> new PathRule(prefix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("path prefix");
    }
}
