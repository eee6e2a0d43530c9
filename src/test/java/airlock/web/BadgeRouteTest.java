package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Subject;
import airlock.event.Verdict;
import airlock.results.Mark;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BadgeRouteTest {
    private static final String BADGE = "/badges/codeberg/harbour/ship.svg";

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void runs() {
        put("mainx", "refs/heads/main", "main", Verdict.PASSED);
        put("other", "refs/heads/feature/x", "main", Verdict.FAILED);
        put("other", "refs/heads/feature/x", "nightly", Verdict.BROKE);
    }

    @ParameterizedTest
    @CsvSource({
        "'',passing",
        "?branch=main,passing",
        "?branch=feature/x,failing",
        "?branch=feature%2Fx,failing",
        "?branch=feature/x&plan=nightly,broke",
        "?branch=feature/x&plan=main,failing",
        "?branch=feature/x&plan=none,unknown",
        "?branch=none,unknown",
        "?branch=..%2F..,unknown",
        "?branch=refs/heads/main,unknown"
    })
    void theBranchAndThePlanAreChosen(String query, String text) {
        var answer = site.get(BADGE + query);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(": " + text + "</title>");
    }

    @Test
    void namesAreComparedAsForgesDo() {
        assertThat(site.get("/badges/codeberg/Harbour/SHIP.svg").body()).contains("passing");
        assertThat(site.get("/badges/codeberg/harbour/ship").body()).contains("unknown");
    }

    @Test
    void aBadgeThatHasNotChangedIsNotSentAgain() {
        var first = site.get(BADGE);
        String tag = Site.header(first, "ETag");
        assertThat(Site.header(first, "Cache-Control")).isEqualTo("no-cache");
        var second = site.get(BADGE, "If-None-Match", "\"x\", " + tag);
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        put("newer", "refs/heads/main", "main", Verdict.FAILED);
        var third = site.get(BADGE, "If-None-Match", tag);
        assertThat(third.statusCode()).isEqualTo(200);
        assertThat(third.body()).contains("failing");
    }

    @Test
    void aBadgeMayBeShownElsewhereAndDoesNothingThere() {
        var headers = site.get(BADGE).headers();
        assertThat(headers.firstValue("Cross-Origin-Resource-Policy")).hasValue("cross-origin");
        assertThat(headers.firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "sandbox");
        assertThat(headers.firstValue("Content-Type")).hasValue("image/svg+xml; charset=utf-8");
    }

    private void put(String name, String ref, String plan, Verdict verdict) {
        var revision = Samples.revision(new Subject.Branch(ref), "", "");
        var state = Samples.ended(verdict, "");
        var head = Samples.head(name + plan, name, revision, plan, "", state);
        site.views.put(Samples.view(head, Mark.of(verdict)));
    }
}
