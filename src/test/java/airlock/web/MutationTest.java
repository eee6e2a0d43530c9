package airlock.web;

import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.Verdict;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/// Whatever a URL is, the answer is one that the server meant to give.
class MutationTest {
    private static final int ROUNDS = 10_000;
    private static final String RUN = "/runs/passedaaaaaaaaaaaaaa";
    private static final List<String> SEEDS =
            List.of(
                    "/badges/codeberg/harbour/ship.svg?branch=main&plan=main",
                    "/badges/codeberg/harbour/ship.svg?branch=feature/x",
                    RUN + "/artifacts/report/index.html",
                    RUN + "/artifacts/a%20b%2Fc",
                    RUN + "/log?from=0",
                    RUN + "/log.txt",
                    RUN + "/events?from=20",
                    "/?repository=codeberg/harbour/ship&subject=main&before=passedaaaaaaaaaaaaaa",
                    "/requests/passedaaaaaaaaaaaaaa",
                    "/api/v1/runs?repository=codeberg/harbour/ship&subject=main&limit=3",
                    "/api/v1" + RUN + "/log?from=0&bytes=9",
                    "/api/v1" + RUN + "/artifacts/a%20b%2Fc",
                    "/static/airlock.css?v=0");
    private static final List<String> BITS =
            List.of(
                    (".. / // % %00 %2e %2F %5c %c3%28 %u0041 %zz ? & = # ; ;x=y \\ \t \u0000 "
                                    + "\u007f \u00ff < \" ' [ ] {} | ^ ` ~ + @ %F0%9F%98%80 %E2%80%AE "
                                    + "99999999999999999999 -1 * : %0d%0aX:%20y")
                            .split(" ", -1));

    @RegisterExtension private final Site site = new Site();

    @BeforeEach
    void run() {
        site.run("passed", Verdict.PASSED);
    }

    @Test
    void tenThousandMutatedUrlsGiveNoServerError() {
        for (int seed = 0; seed < ROUNDS; seed++) {
            String target = mutated(new Random(seed));
            String answer = Raw.get(site.port(), target);
            assertThat(answer).as("seed %d: %s", seed, target).startsWith("HTTP/1.1 ");
            assertThat(Raw.status(answer)).as("seed %d: %s", seed, target).isBetween(200, 499);
            assertThat(answer).as("seed %d: %s", seed, target).doesNotContain("\tat ", "Exception");
        }
    }

    /// One of [#BITS], or a blank.
    private static String bit(Random random) {
        int at = random.nextInt(BITS.size() + 1);
        return at < BITS.size() ? BITS.get(at) : " ";
    }

    private static String mutated(Random random) {
        var target = new StringBuilder(SEEDS.get(random.nextInt(SEEDS.size())));
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            int at = 1 + random.nextInt(target.length() - 1);
            switch (random.nextInt(4)) {
                case 0 -> target.insert(at, bit(random));
                case 1 -> target.setCharAt(at, (char) (1 + random.nextInt(255)));
                case 2 -> target.delete(at, Math.min(target.length(), at + 1 + random.nextInt(5)));
                default -> target.insert(at, target.substring(at));
            }
            if (target.length() < 2) {
                target.append("x/");
            }
        }
        // a line break would be another request's, not another URL's
        return target.toString().replace('\n', 'n').replace('\r', 'r');
    }
}
