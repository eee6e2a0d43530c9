package airlock.shell;

import airlock.control.Command;
import airlock.control.CommandHandler.Entrance;
import airlock.control.Reply;
import airlock.event.Phase;
import airlock.event.RunId;
import airlock.event.StateChange.State;
import airlock.event.Verdict;
import airlock.phases.FreshVms;
import airlock.phases.KeptVms;
import airlock.phases.PhaseOrder;
import airlock.phases.Shell;
import airlock.queue.ClaimedRun;
import airlock.queue.Claims;
import airlock.results.PhaseKey;
import airlock.results.StoredViews;
import airlock.results.VisitRecords;
import airlock.run.RunPlan;
import airlock.site.Core;
import airlock.uplink.Terminal.WindowSize;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens shells in VMs for operators, whom the control socket has checked (T9), and records each
/// visit to a VM of a run.
public final class Shells implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Shells.class);

    private static final String STOPS = "the server stops";

    private final Core core;
    private final StoredViews views;
    private final KeptVms kept;
    private final FreshVms fresh;
    private final VisitRecords visits;
    private final Set<TerminalConsole> inside = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// Marks visits that a dead server left open as ended: its VMs died with it.
    public Shells(Core core, KeptVms kept, FreshVms fresh) {
        this.core = core;
        this.views = core.kept().views();
        this.kept = kept;
        this.fresh = fresh;
        this.visits = new VisitRecords(core.database(), core.clock());
        visits.endAll("the server died");
    }

    /// Opens a shell for `who`.
    public Entrance enter(Command.Shell wanted, String who, Consumer<String> notes)
            throws InterruptedException {
        var size = new WindowSize(wanted.columns(), wanted.rows());
        var phase = phase(wanted.phase());
        if (phase.isEmpty() && !wanted.phase().isEmpty()) {
            return new Entrance.Shut("there is no phase " + wanted.phase());
        }
        if (!wanted.image().isEmpty() && !core.config().images().containsKey(wanted.image())) {
            return new Entrance.Shut(
                    "there is no image %s; the configuration has %s"
                            .formatted(
                                    wanted.image(),
                                    String.join(", ", core.config().images().keySet())));
        }
        if (wanted.run().isEmpty()) {
            return empty(phase.orElse(Phase.PLAN), wanted.image(), who, size);
        }
        return ofRun(wanted, phase, who, size);
    }

    private static Optional<Phase> phase(String key) {
        return Arrays.stream(Phase.values()).filter(phase -> phase.key().equals(key)).findFirst();
    }

    private Entrance empty(Phase phase, String image, String who, WindowSize size)
            throws InterruptedException {
        var wish =
                new FreshVms.Wish(
                        phase,
                        image.isEmpty() ? core.config().defaultImage() : image,
                        core.config().limits(),
                        Optional.empty());
        LOG.info("{} goes into a fresh machine for {}", who, phase.key());
        return entrance(
                fresh.open(wish, size),
                "a fresh machine for " + phase.key() + ", with empty drives",
                _ -> {});
    }

    private Entrance ofRun(Command.Shell wanted, Optional<Phase> phase, String who, WindowSize size)
            throws InterruptedException {
        var run = id(wanted.run()).flatMap(ended -> Claims.ended(core.database(), ended));
        if (run.isEmpty()) {
            return new Entrance.Shut(
                    "there is no run %s that has ended; `airlock runs` lists them"
                            .formatted(wanted.run()));
        }
        var failed = failed(run.get().id());
        boolean own = wanted.image().isEmpty() && (phase.isEmpty() || phase.equals(failed));
        var opening = own ? kept.enter(run.get().id(), size) : Optional.<Shell.Opening>empty();
        if (opening.isPresent()) {
            return entered(opening.get(), run.get(), who);
        }
        return fresh(run.get(), phase.or(() -> failed).orElse(Phase.PLAN), wanted, who, size);
    }

    private static Optional<RunId> id(String text) {
        try {
            return Optional.of(new RunId(text));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    /// The last phase that did not pass.
    private Optional<Phase> failed(RunId run) {
        return views.phases(run).reversed().stream()
                .filter(
                        phase ->
                                !(phase.state() instanceof State.Ended(Verdict verdict, _))
                                        || verdict != Verdict.PASSED)
                .map(phase -> phase.phase())
                .findFirst();
    }

    private Entrance fresh(
            ClaimedRun run, Phase phase, Command.Shell wanted, String who, WindowSize size)
            throws InterruptedException {
        var known = core.configured().find(run.repository());
        if (known.isEmpty()) {
            return new Entrance.Shut("the run's repository is no longer configured");
        }
        if (!run.hasPlan()) {
            return new Entrance.Shut(
                    "the plan of run %s was removed; `airlock rerun %s` makes a run with a new one"
                            .formatted(run.id(), run.id()));
        }
        var settings = known.get().settings();
        var order =
                new PhaseOrder(
                        new PhaseKey(run.id(), run.generation(), phase),
                        RunPlan.of(run).plan(),
                        Path.of(run.source()),
                        run.repository(),
                        run.subject(),
                        run.trust(),
                        settings);
        String image = wanted.image().isEmpty() ? order.image() : wanted.image();
        var wish = new FreshVms.Wish(phase, image, settings.limits(), Optional.of(order));
        return entered(fresh.open(wish, size), run, who);
    }

    /// Records the visit, then opens a shell in a VM of a run.
    private Entrance entered(Shell.Opening opening, ClaimedRun run, String who) {
        if (!(opening instanceof Shell.Opening.Opened(var shell))) {
            return entrance(opening, "", _ -> {});
        }
        long visit;
        try {
            visit = visits.begun(run.id(), shell.phase(), shell.kept(), who);
        } catch (RuntimeException e) {
            shell.close();
            throw e;
        }
        LOG.info(
                "{} is in {} machine of {} of run {}",
                who,
                shell.kept() ? "the kept" : "a fresh",
                shell.phase().key(),
                run.id());
        String what =
                shell.kept()
                        ? "the machine of %s of run %s, as it failed"
                        : "a fresh machine with the inputs of %s of run %s";
        return entrance(
                opening,
                what.formatted(shell.phase().key(), run.id()),
                words -> visits.ended(visit, words));
    }

    private Entrance entrance(Shell.Opening opening, String what, Consumer<String> left) {
        return switch (opening) {
            case Shell.Opening.Refused(var why) -> new Entrance.Shut(why);
            case Shell.Opening.Opened(var shell) ->
                    new Entrance.Open(new Reply.Entered(what, shell.until()), console(shell, left));
        };
    }

    private TerminalConsole console(Shell shell, Consumer<String> left) {
        var console = new AtomicReference<TerminalConsole>();
        var made =
                new TerminalConsole(
                        shell,
                        _ -> {},
                        words -> {
                            inside.remove(console.get());
                            left.accept(words);
                        });
        console.set(made);
        inside.add(made);
        if (closed) {
            made.close(STOPS);
        }
        return made;
    }

    /// Ends all open shells.
    @Override
    public void close() {
        closed = true;
        inside.forEach(console -> console.close(STOPS));
    }
}
