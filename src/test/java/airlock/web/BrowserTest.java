package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Subject;
import airlock.event.Verdict;
import airlock.results.Mark;
import airlock.results.RequestView;
import airlock.results.RunView;
import airlock.results.StepKey;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/// The pages in a real browser, narrow as a telephone.
@Tag("browser")
class BrowserTest {
    private static final RunId RUN = Samples.run("running");

    /// Each sets `struck` if it is treated as more than text.
    private static final List<String> HOSTILE =
            List.of(
                    "<script>globalThis.struck = 1</script>",
                    "</pre></code></title></textarea><script>globalThis.struck = 2</script>",
                    "<img src=x onerror='globalThis.struck = 3'>",
                    "\"><svg onload=globalThis.struck=4><a b=\"",
                    "' autofocus onfocus='globalThis.struck = 5' x='",
                    "<a href='javascript:globalThis.struck=6' class=stranger>x</a>",
                    "<iframe srcdoc='<script>parent.struck = 7</script>'></iframe>",
                    "<!--",
                    "]]><script>globalThis.struck = 8</script>",
                    "\u001b]8;;javascript:globalThis.struck=9\u001b\\\\link\u001b]8;;\u001b\\\\",
                    "${globalThis.struck = 10} {{globalThis.struck = 10}}",
                    "<base href='//elsewhere.example/'><meta http-equiv=refresh content='0;/x'>");

    /// Elements that no page of ours has, but those texts ask for.
    private static final String STRANGERS =
            "String(document.querySelectorAll('iframe, base, img[src=x], svg[onload], [onfocus],"
                    + " [onerror], .stranger, a[href^=javascript], script:not([src])').length)";

    // the browser may still be writing when the test ends
    @TempDir(cleanup = CleanupMode.NEVER)
    Path profile;

    @RegisterExtension private final Site site = new Site(Site.settings(), InstantSource.system());
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
        site.start("running");
    }

    @AfterEach
    void stop() {
        if (chromium != null) {
            chromium.close();
        }
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
        site.show("running", Verdict.FAILED, "exit code 1");
        expect("document.querySelector('[data-part=run] .word').textContent", "failed");
        expect("document.querySelector('[data-part=run] .reason').textContent", "exit code 1");
        expect("document.querySelector('#plan-1-1 .word').textContent", "failed");
        expect("document.getElementById('live').textContent", "Ended: failed");
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void aStepThatWaitedUnfoldsWhenItBegins() {
        site.views.put(running(Mark.RUNNING, Mark.QUEUED));
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa"));
        expect("document.querySelector('#plan-1-1 .word').textContent", "queued");
        expect("String(document.getElementById('plan-1-1').open)", "false");
        expect("document.getElementById('live').textContent", "Live");
        site.views.put(running(Mark.PASSED, Mark.RUNNING));
        site.logs.append(RUN, Samples.STEP, 1, 0.5, "done\n");
        expect("document.querySelector('#plan-1-1 .word').textContent", "running");
        expect("String(document.getElementById('plan-1-1').open)", "true");
        expect("String(document.getElementById('plan-1-0').open)", "false");
    }

    private static RunView running(Mark first, Mark second) {
        var steps =
                List.of(
                        Samples.step(0, "shell: make", first, "", 0),
                        Samples.step(1, "shell: make test", second, "", 0));
        var start = Samples.running(Samples.NOW);
        return Samples.view(
                Samples.head("running", new State.Running()),
                ".airlock.yaml",
                List.of(Samples.phase(1, "", new State.Running(), start, steps)));
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
                                            "String(document.documentElement.scrollWidth -"
                                                    + " document.documentElement.clientWidth)"))
                    .as("%s: pixels that stick out", path)
                    .isEqualTo("0");
            expect("getComputedStyle(document.body).marginTop", "0px");
        }
        assertThat(browser().complaints()).allSatisfy(c -> assertThat(c).contains("404"));
    }

    /// An element that scrolls sideways hides its end, and a keyboard can't reach it.
    private static final String SIDEWAYS =
            "[...document.querySelectorAll('*')].filter(e => e.scrollWidth > e.clientWidth &&"
                    + " ['auto', 'scroll'].includes(getComputedStyle(e).overflowX))"
                    + ".map(e => e.className).join()";

    @Test
    void aLongMistakeInAPlanIsWrappedSoThatItsEndIsSeen() {
        var head = Samples.head("running", Samples.ended(Verdict.INVALID_PLAN, "1 error"));
        site.views.put(Samples.view(head, ".airlock.yaml", List.of()));
        site.views.put(
                RUN.text(),
                ".airlock.yaml:3:5: there is no action 'shel'; there are "
                        + "action, ".repeat(60)
                        + "did you mean 'shell'?");
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa"));
        expect(
                "String(document.querySelector('.report').textContent.endsWith(\"mean 'shell'?\"))",
                "true");
        assertThat(browser().evaluate(SIDEWAYS)).isEmpty();
    }

    @Test
    void nothingThatOthersWroteRunsAsAScriptOrBecomesMarkup() {
        for (String hostile : HOSTILE) {
            site.logs.append(RUN, Samples.STEP, 1, 0.1, hostile + "\n");
            site.artifacts.put(RUN, hostile, hostile.getBytes(StandardCharsets.UTF_8));
        }
        String all = String.join(" ", HOSTILE);
        site.views.put(hostile(all));
        site.views.put(hostileRequest(all));
        for (String path :
                new String[] {
                    "/",
                    "/?subject=" + encoded(all) + "&repository=" + encoded(all),
                    "/runs/runningaaaaaaaaaaaaa",
                    "/runs/runningaaaaaaaaaaaaa/log",
                    "/runs/runningaaaaaaaaaaaaa/artifacts",
                    "/requests/waitingaaaaaaaaaaaaa",
                    "/runs/runningaaaaaaaaaaaaa/log.txt",
                    "/badges/codeberg/harbour/ship.svg?plan=" + encoded(all),
                    "/api/v1/runs/runningaaaaaaaaaaaaa",
                    "/api/v1/runs/runningaaaaaaaaaaaaa/log"
                }) {
            browser().open(site.url(path));
            String where = path.replaceFirst("\\?.*", "");
            expect("location.pathname + document.readyState", where + "complete");
            assertThat(browser().evaluate("String(globalThis.struck)"))
                    .as("%s: what a script of others would have set", path)
                    .isEqualTo("undefined");
            assertThat(browser().evaluate(STRANGERS))
                    .as("%s: elements of others", path)
                    .isEqualTo("0");
        }
        // plain text and JSON name no icon, so the browser asks for /favicon.ico
        assertThat(browser().complaints())
                .allSatisfy(complaint -> assertThat(complaint).contains("/favicon.ico"));
    }

    @Test
    void aLiveLogAddsTextAndNoMarkup() {
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa"));
        expect("document.getElementById('live').textContent", "Live");
        for (String hostile : HOSTILE) {
            site.logs.append(RUN, Samples.STEP, 1, 0.1, hostile + "\n");
        }
        site.views.put(hostile(String.join(" ", HOSTILE)));
        site.logs.append(RUN, Samples.STEP, 1, 0.2, "the last line\n");
        expect(
                "String(document.querySelector('#plan-1-0 .log').textContent.endsWith('the last"
                        + " line\\n"
                        + "'))",
                "true");
        expect(
                "String(document.querySelector('#plan-1-0 .log').textContent.includes('<script>'))",
                "true");
        assertThat(browser().evaluate("String(globalThis.struck)")).isEqualTo("undefined");
        assertThat(browser().evaluate(STRANGERS)).isEqualTo("0");
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void megabytesWithoutANewlineLeaveALivePageUsable() {
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa"));
        expect("document.getElementById('live').textContent", "Live");
        String piece = "x".repeat(8_000);
        for (int i = 0; i < 2_000; i++) {
            site.logs.append(RUN, Samples.STEP, 1, 0.1, piece);
        }
        site.logs.append(RUN, Samples.STEP, 1, 0.2, "the end\nnext\n");
        expect(
                "String(document.querySelector('#plan-1-0 .log').textContent.endsWith('xthe end\\n"
                        + "next\\n"
                        + "'))",
                "true");
        expect(
                "String(document.querySelector('#plan-1-0 .log').textContent.length <= 1 << 20)",
                "true");
        expect(
                "String(Math.max(...[...document.querySelectorAll('#plan-1-0 .l')].map(l =>"
                        + " l.textContent.length)) < 12000)",
                "true");
        expect("document.querySelector('#plan-1-0 .log').dataset.cut", "");
        expect("document.querySelector('#plan-1-0 .log').lastElementChild.textContent", "next\n");
        assertThat(browser().complaints()).isEmpty();
    }

    @Test
    void anArtifactIsNeverOpened() {
        String page = "<!doctype html><script>globalThis.struck = 1</script>";
        site.artifacts.put(RUN, "index.html", page.getBytes(StandardCharsets.UTF_8));
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa/artifacts"));
        expect("document.readyState", "complete");
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa/artifacts/index.html"));
        browser().open(site.url("/runs/runningaaaaaaaaaaaaa/log"));
        expect("location.pathname", "/runs/runningaaaaaaaaaaaaa/log");
        browser()
                .evaluate(
                        "void fetch('/runs/runningaaaaaaaaaaaaa/artifacts/index.html').then(r =>"
                                + " globalThis.kind = r.headers.get('content-type') + ' '"
                                + " + r.headers.get('content-disposition').split(';')[0])");
        expect("String(globalThis.kind)", "application/octet-stream attachment");
        assertThat(browser().evaluate("String(globalThis.struck)")).isEqualTo("undefined");
    }

    private static RunView hostile(String text) {
        var state = new State.Running();
        var revision = Samples.revision(Samples.MAIN, text, text);
        return Samples.view(
                Samples.head("running", "running", revision, text, text, state),
                text,
                List.of(
                        Samples.phase(
                                1,
                                text,
                                state,
                                Samples.running(Samples.NOW),
                                List.of(Samples.step(0, text, Mark.FAILED, text, 10)))));
    }

    private static RequestView hostileRequest(String text) {
        return new RequestView(
                Samples.request("waiting"),
                Samples.revision(new Subject.Change(7, "main"), text, text),
                new State.Queued(),
                text,
                Samples.NOW,
                List.of());
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private Chromium browser() {
        return java.util.Objects.requireNonNull(chromium);
    }

    private void expect(String expression, String value) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(browser().evaluate(expression)).isEqualTo(value));
    }
}
