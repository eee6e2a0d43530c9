package airlock.queue;

import static airlock.queue.QueueFixture.branch;
import static airlock.queue.QueueFixture.commit;
import static org.assertj.core.api.Assertions.assertThat;

import airlock.event.CommitId;
import airlock.event.Subject;
import airlock.house.MemoryFolder;
import airlock.queue.Intake.IntakePolicy;
import airlock.queue.RefWorld.Push;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tries every order of two or three pushes and their webhooks, with a sweep, a crash or part of a
/// claim between any two of them. In the end the tip of the ref must have a run that was not
/// superseded (T5).
final class OrderOfDeliveriesTest {
    private static final CommitId X = commit('a');
    private static final CommitId Y = commit('b');
    private static final CommitId Z = commit('c');
    private static final CommitId GONE = CommitId.NONE;

    private static final List<List<CommitId>> TWO =
            List.of(
                    List.of(X, Y, Z),
                    List.of(X, Y, X),
                    List.of(X, GONE, X),
                    List.of(X, GONE, Y),
                    List.of(GONE, X, Y),
                    List.of(X, Y, GONE));
    private static final List<List<CommitId>> THREE =
            List.of(
                    List.of(X, Y, Z, commit('d')),
                    List.of(X, Y, X, Y),
                    List.of(X, Y, Z, X),
                    List.of(X, Y, X, Z),
                    List.of(GONE, X, Y, X),
                    List.of(X, Y, GONE, Y));

    /// Something between two events.
    private enum Act {
        SWEEP,
        CRASH,
        /// A request is claimed and the forge has answered; the answer is not used yet.
        LOOK,
        /// A request has become runs, one of them is claimed.
        START,
        /// All waiting work is done.
        DRAIN;

        void in(RefWorld world) {
            switch (this) {
                case SWEEP -> world.sweep();
                case CRASH -> world.crash();
                case LOOK -> steps(world, 2);
                case START -> steps(world, 4);
                case DRAIN -> world.drain();
            }
        }

        private static void steps(RefWorld world, int count) {
            for (int i = 0; i < count; i++) {
                world.step();
            }
        }
    }

    /// A push happens, or its webhook arrives.
    private record Event(int push, boolean delivery) {}

    /// An act after the event with this index.
    private record Between(int after, Act act) {}

    @TempDir(factory = MemoryFolder.class)
    Path directory;

    @Test
    void whicheverWayTwoPushesComeTheTipIsTested() {
        assertThat(violations(branch("main"), TWO, 1)).isEmpty();
    }

    @Test
    void whicheverWayThreePushesComeTheTipIsTested() {
        assertThat(violations(branch("main"), THREE, 0)).isEmpty();
    }

    @Test
    void whicheverWayTwoHeadsOfAChangeRequestComeTheNewestIsTested() {
        assertThat(violations(new Subject.Change(7, "main"), TWO.subList(0, 2), 0)).isEmpty();
    }

    @Test
    @Tag("soak")
    void whicheverWayTwoPushesComeWithTwoThingsBetweenThemTheTipIsTested() {
        assertThat(violations(branch("main"), TWO, 2)).isEmpty();
    }

    @Test
    @Tag("soak")
    void whicheverWayThreePushesComeWithSomethingBetweenThemTheTipIsTested() {
        assertThat(violations(branch("main"), THREE, 1)).isEmpty();
    }

    private List<String> violations(Subject subject, List<List<CommitId>> histories, int acts) {
        var found = new ArrayList<String>();
        int worlds = 0;
        try (var world = new RefWorld(directory.resolve("state.db"), subject)) {
            for (var history : histories) {
                for (var events : orders(history.size() - 1)) {
                    for (var between : choices(events.size(), acts)) {
                        for (int variant = 0; variant < 4; variant++) {
                            boolean tested = (variant & 1) == 0;
                            boolean cancels = (variant & 2) == 0;
                            if (tested || !history.getFirst().isNone()) {
                                world.begin(
                                        history.getFirst(),
                                        tested,
                                        new IntakePolicy(false, cancels));
                                worlds++;
                                violation(world, history, events, between)
                                        .map(
                                                why ->
                                                        (tested ? "" : "baseline ")
                                                                + (cancels ? "cancels " : "")
                                                                + names(history)
                                                                + (" " + events)
                                                                + (" " + between + ": " + why))
                                        .ifPresent(found::add);
                                if (found.size() >= 5) {
                                    return found;
                                }
                            }
                        }
                    }
                }
            }
        }
        assertThat(worlds).isGreaterThan(20);
        return found;
    }

    private static String names(List<CommitId> history) {
        return String.join(
                "→",
                history.stream().map(c -> c.isNone() ? "∅" : c.hex().substring(0, 1)).toList());
    }

    private static Optional<String> violation(
            RefWorld world, List<CommitId> history, List<Event> events, List<Between> between) {
        for (int i = 0; i < events.size(); i++) {
            var event = events.get(i);
            var push = new Push(history.get(event.push()), history.get(event.push() + 1));
            if (event.delivery()) {
                world.deliver(push);
            } else {
                world.push(push);
            }
            int now = i;
            between.stream().filter(b -> b.after() == now).forEach(b -> b.act().in(world));
        }
        world.drain();
        if (world.knowsTheTip() && !world.isUnasked() && world.complaint().isPresent()) {
            return world.complaint().map(why -> "the sweep would find nothing new: " + why);
        }
        world.sweep();
        world.drain();
        return world.complaint().filter(_ -> !world.isUnasked() || !wasThere(history));
    }

    /// Whether the last commit is the first, which is not tested if it was never pushed.
    private static boolean wasThere(List<CommitId> history) {
        return history.getLast().equals(history.getFirst());
    }

    /// All orders that have each push before the next one and before its own webhook.
    private static List<List<Event>> orders(int pushes) {
        var all = new ArrayList<List<Event>>();
        order(pushes, new ArrayList<>(), all);
        return all;
    }

    private static void order(int pushes, List<Event> begun, List<List<Event>> all) {
        if (begun.size() == 2 * pushes) {
            all.add(List.copyOf(begun));
            return;
        }
        int pushed = (int) begun.stream().filter(e -> !e.delivery()).count();
        var next = new ArrayList<Event>();
        if (pushed < pushes) {
            next.add(new Event(pushed, false));
        }
        for (int i = 0; i < pushed; i++) {
            var delivery = new Event(i, true);
            if (!begun.contains(delivery)) {
                next.add(delivery);
            }
        }
        for (var event : next) {
            begun.add(event);
            order(pushes, begun, all);
            begun.removeLast();
        }
    }

    /// All ways to place up to `most` acts between events.
    private static List<List<Between>> choices(int events, int most) {
        var all = new ArrayList<List<Between>>();
        choose(0, events, most, new ArrayList<>(), all);
        return all;
    }

    private static void choose(
            int from, int events, int most, List<Between> begun, List<List<Between>> all) {
        all.add(List.copyOf(begun));
        if (begun.size() == most) {
            return;
        }
        for (int after = from; after < events; after++) {
            for (var act : Act.values()) {
                begun.add(new Between(after, act));
                choose(after + 1, events, most, begun, all);
                begun.removeLast();
            }
        }
    }
}
