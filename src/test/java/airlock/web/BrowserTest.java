package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The pages in a real browser, narrow as a telephone.
@Tag("browser")
class BrowserTest {
    private static final RunId RUN = Samples.run("running");

    // the browser may still be writing when the test ends
    @TempDir(cleanup = CleanupMode.NEVER)
    Path profile;

    private final Site site = new Site(Site.settings(), InstantSource.system());
    private @Nullable Chromium chromium;

    @BeforeEach
    void start() throws IOException {
        var program = Chromium.program().findFirst();
        if (program.isEmpty()) {
            System.out.println(
                    "BrowserTest is skipped: there is no chromium (apt-get install chromium)");
        }
        Assumptions.assumeTrue(program.isPresent(), "no chromium");
        chromium = new Chromium(program.orElseThrow(), profile);
        site.views.put(Samples.view(Samples.head("running", new State.Running()), Mark.RUNNING));
    }

    @AfterEach
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
        site.close();
    }

    @Test
    void aLivePageShowsLinesAsTheyComeAndTheEnd() {
        site.logs.append(RUN, Samples.STEP, 1, 0.5, "before the page ");
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa"));
        expect("document.getElementById('live').textContent", "Live");
        site.logs.append(RUN, Samples.STEP, 1, 0.7, "goes on\n");
        site.logs.append(RUN, Samples.STEP, 2, 0.9, "\u001b[31m<b>red</b>\u001b[0m\n");
        site.logs.append(RUN, new StepKey(Phase.POST_PLAN, 1, 0), 1, 0, "new step\n");
        site.logs.append(RUN, new StepKey(Phase.POST_PLAN, 1, -1), 0, 0, "a note\n");
        expect(
                "document.querySelector('#plan-1-0 .log').textContent",
                "before the page goes on\n<b>red</b>\n");
        expect("String(document.querySelectorAll('#plan-1-0 .l').length)", "2");
        expect("document.querySelector('#plan-1-0 .e .f1').textContent", "<b>red</b>");
        expect("document.querySelector('#post_plan-1-0 .log').textContent", "new step\n");
        expect("document.querySelector('#post_plan-1-notes .log').textContent", "a note\n");
        site.views.put(
                Samples.view(
                        Samples.head("running", Samples.ended(Verdict.FAILED, "exit code 1")),
                        Mark.FAILED));
        site.logs.complete(RUN);
        expect("document.querySelector('[data-part=run] .word').textContent", "failed");
        expect("document.querySelector('[data-part=run] .reason').textContent", "exit code 1");
        expect("document.querySelector('#plan-1-1 .word').textContent", "failed");
        expect("document.getElementById('live').textContent", "Ended: failed");
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void noPageIsWiderThanATelephoneAndNoneBreaksItsOwnPolicy() {
        site.logs.append(RUN, Samples.STEP, 1, 0, "x".repeat(3000) + "\n");
        site.views.put(Samples.waiting("waiting"));
        site.artifacts.put(RUN, "a/very-long-name-" + "x".repeat(300), new byte[1]);
        for (String path :
                new String[] {
                    "/", "/runs/runningaaaaaaaaaaaaa", "/runs/runningaaaaaaaaaaaaa/log",
                    "/runs/runningaaaaaaaaaaaaa/artifacts", "/requests/waitingaaaaaaaaaaaaa",
                            "/runs/none"
                }) {
            browser().open(site.url(path));
            expect("location.pathname + document.readyState", path + "complete");
            expect("String(innerWidth <= 500)", "true");
            assertThat(
                            browser()
                                    .evaluate(
                                            "String(document.documentElement.scrollWidth - document.documentElement.clientWidth)"))
                    .as("%s: pixels that stick out", path)
                    .isEqualTo("0");
            expect("getComputedStyle(document.body).marginTop", "0px");
        }
        assertThat(browser().complaints()).allSatisfy(c -> assertThat(c).contains("404"));
    }

    private Chromium browser() {
        return java.util.Objects.requireNonNull(chromium);
    }

    private void expect(String expression, String value) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(browser().evaluate(expression)).isEqualTo(value));
    }
}
