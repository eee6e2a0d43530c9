package airlock.sweep;

import airlock.event.ForgeEvent;
import airlock.event.RepositoryId;
import airlock.event.Subject;
import airlock.forge.ApiFailure;
import airlock.forge.ChangeLister.ChangesAnswer;
import airlock.queue.Findings;
import airlock.queue.Findings.KnownTip;
import airlock.queue.Findings.SweepFinding;
import airlock.sweep.ChangeSweep.ForgeRests;
import airlock.sweep.Sweeper.HinderedException;
import airlock.sweep.Sweeper.SweepTarget;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/// One pass through a repository's open change requests, which may be stopped and continued.
///
/// The pages of a list are read at different times, so each page is acted on separately, and a
/// missing change request counts as closed only if the forge says so when asked for its number.
final class ChangeWalk {
    private static final int MOST_PAGES = 200;
    private static final int MOST_ASKED_SINGLY = 50;

    private final SweepTarget target;
    private final boolean first;
    private final Findings findings;
    private final OpenPages pages;
    private final ForgeRests rests;
    private final Instant began;

    /// Recorded at the beginning and not seen since.
    private final Map<String, KnownTip> missing;

    private final Set<String> seen = new HashSet<>();
    private int page = 1;
    private boolean listed;
    private boolean lies;
    private int requests;

    ChangeWalk(
            SweepTarget target,
            boolean first,
            Findings findings,
            OpenPages pages,
            ForgeRests rests,
            Instant began) {
        this.target = target;
        this.first = first;
        this.findings = findings;
        this.pages = pages;
        this.rests = rests;
        this.began = began;
        this.missing = new TreeMap<>(findings.changes(target.id()));
    }

    boolean isFirst() {
        return first;
    }

    Instant began() {
        return began;
    }

    boolean canGoOn() {
        return !lies;
    }

    /// Returns how many requests it caused.
    int go(ChangeSweep.Asking forge, RandomGenerator random) {
        requests = 0;
        try {
            while (!listed) {
                rests.check(target.forge());
                page(forge);
            }
            missing(forge, random);
            return requests;
        } catch (HinderedException e) {
            throw e.after(requests);
        }
    }

    private void page(ChangeSweep.Asking forge) {
        // read before the request: the next sweep handles changes during it
        var recorded = findings.changes(target.id());
        var stored = pages.find(target.id(), page);
        switch (forge.open(page, stored.map(ChangesAnswer.Page::etag).orElse(""))) {
            case ChangesAnswer.Page fresh -> {
                pages.keep(target.id(), page, fresh);
                accept(fresh, fresh.restUntil(), recorded);
            }
            case ChangesAnswer.Same same when stored.isPresent() ->
                    accept(stored.get(), same.restUntil(), recorded);
            case ChangesAnswer other -> throw hindered(other);
        }
    }

    private void accept(
            ChangesAnswer.Page answer,
            Optional<Instant> restUntil,
            Map<String, KnownTip> recorded) {
        rests.spare(target.forge(), restUntil);
        var moved = new ArrayList<SweepFinding>();
        var baseline = new ArrayList<KnownTip>();
        boolean fresh = false;
        for (var offered : answer.open()) {
            String key = offered.change().key();
            missing.remove(key);
            fresh |= seen.add(key);
            var known = Optional.ofNullable(recorded.get(key));
            if (isOfNoInterest(offered, known)) {
                continue;
            }
            if (first && known.isEmpty()) {
                baseline.add(new KnownTip(offered.change(), offered.head()));
            } else {
                moved.add(new SweepFinding(known, offered));
            }
        }
        keep(moved, baseline);
        listed = !answer.more();
        page++;
        lies = answer.more() && (!fresh || page > MOST_PAGES);
        if (lies) {
            throw new HinderedException(
                    "the forge's list of open change requests does not end: page %d says that more follow"
                            .formatted(page - 1));
        }
    }

    private boolean isOfNoInterest(ForgeEvent.ChangeOffered offered, Optional<KnownTip> known) {
        return (offered.draft() && !target.policy().testsDrafts())
                || known.equals(Optional.of(new KnownTip(offered.change(), offered.head())));
    }

    private void keep(List<SweepFinding> moved, List<KnownTip> baseline) {
        if (!baseline.isEmpty()) {
            findings.keepBaseline(target.id(), baseline);
        }
        if (!moved.isEmpty()) {
            requests += findings.keep(moved, target.policy());
        }
    }

    /// Asks for those that were open and are not in the list, a limited number at a time.
    private void missing(ChangeSweep.Asking forge, RandomGenerator random) {
        if (seen.isEmpty() && !missing.isEmpty()) {
            // an empty list does not show whose it is
            var answer = forge.check();
            if (!(answer instanceof ChangesAnswer.SameRepository)) {
                throw hindered(answer);
            }
        }
        var keys = new ArrayList<>(missing.keySet());
        Collections.shuffle(keys, Random.from(random));
        for (String key : keys.subList(0, Math.min(keys.size(), MOST_ASKED_SINGLY))) {
            rests.check(target.forge());
            single(forge, key);
            missing.remove(key);
        }
    }

    private void single(ChangeSweep.Asking forge, String key) {
        var known = findings.changes(target.id()).get(key);
        if (known == null) {
            return; // a webhook was faster
        }
        var change = (Subject.Change) known.subject();
        switch (forge.one(change.number())) {
            case ChangesAnswer.Closed _ ->
                    keep(known, new ForgeEvent.ChangeClosed(target.id(), change));
            case ChangesAnswer.Open(var offered)
                    when isOfNoInterest(offered, Optional.of(known)) -> {}
            case ChangesAnswer.Open(var offered) -> keep(known, offered);
            case ChangesAnswer other -> throw hindered(other);
        }
    }

    private void keep(KnownTip known, ForgeEvent event) {
        keep(List.of(new SweepFinding(Optional.of(known), event)), List.of());
    }

    private HinderedException hindered(ChangesAnswer answer) {
        return switch (answer) {
            case ApiFailure.Retry(Duration wait, String reason, _) -> {
                rests.asked(target.forge(), wait);
                yield new HinderedException(reason, wait, 0);
            }
            case ApiFailure.GaveUp(String reason) -> new HinderedException(reason);
            case ApiFailure.Refused(_, String reason, _) -> new HinderedException(reason);
            case ChangesAnswer.Page _,
                    ChangesAnswer.Same _,
                    ChangesAnswer.Open _,
                    ChangesAnswer.Closed _,
                    ChangesAnswer.SameRepository _,
                    ApiFailure.Renamed _ ->
                    new HinderedException(
                            "forge '%s' answered another question: %s"
                                    .formatted(target.forge(), answer.getClass().getSimpleName()));
        };
    }

    /// Cache of the pages of open change requests that came with an ETag, in memory only.
    static final class OpenPages {
        private final Map<RepositoryId, Map<Integer, ChangesAnswer.Page>> pages =
                new ConcurrentHashMap<>();

        Optional<ChangesAnswer.Page> find(RepositoryId repository, int page) {
            return Optional.ofNullable(pages.getOrDefault(repository, Map.of()).get(page));
        }

        void keep(RepositoryId repository, int number, ChangesAnswer.Page page) {
            pages.compute(
                    repository,
                    (_, old) -> {
                        var all = old == null ? new HashMap<Integer, ChangesAnswer.Page>() : old;
                        if (page.etag().isEmpty()) {
                            all.remove(number);
                        } else {
                            all.put(number, page);
                        }
                        if (!page.more()) {
                            all.keySet().removeIf(other -> other > number);
                        }
                        return all.isEmpty() ? null : all;
                    });
        }
    }
}
