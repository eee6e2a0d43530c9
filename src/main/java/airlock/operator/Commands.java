package airlock.operator;

import airlock.control.Command;
import airlock.control.CommandHandler;
import airlock.control.Reply;
import airlock.event.RunId;
import airlock.machine.Hypervisor.MachineHealth;
import airlock.operator.RunCommands.LogCommands;
import airlock.operator.SecretCommands.SecretHealth;
import airlock.queue.OperatorRequests;
import airlock.results.RunHead;
import airlock.results.RunLogs;
import airlock.results.RunLogs.LogFrame;
import airlock.results.StoredViews;
import airlock.shell.Shells;
import airlock.site.Core;
import airlock.store.Signal;
import airlock.sweep.Sweeper;
import airlock.web.ReadBudget;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.function.Consumer;

/// Carries out the commands of the control socket.
public final class Commands implements CommandHandler {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final int PIECE = 64 << 10;

    /// Memory for one command that lists, in bytes. Commands and pages have separate budgets, so
    /// readers of pages can't lock the operator out.
    private static final long COMMAND = 2 << 20;

    private static final long COMMANDS = 2 * ReadBudget.BUILDING;
    private static final Reply BUSY =
            new Reply.Problem("the server answers too many commands at once; try again");

    private final ReadBudget reading = new ReadBudget(COMMANDS, Duration.ofSeconds(2));

    private final OperatorRequests asks;
    private final StoredViews views;
    private final RunLogs logs;
    private final Signal signal;
    private final RunCommands runs;
    private final ForgeCommands forges;
    private final Upkeep upkeep;
    private final MachineHealth health;
    private final LogCommands logFiles;
    private final CacheCommands caches;
    private final TokenCommands tokens;
    private final HookCommands hooks;
    private final NetworkCommands networks;
    private final ValueCommands values;
    private final SecretCommands secrets;
    private final SecretHealth secretHealth;
    private final Shells shells;

    public Commands(
            Core core,
            OperatorRequests asks,
            Sweeper sweeper,
            Upkeep upkeep,
            MachineHealth health,
            Shells shells) {
        this.health = health;
        this.shells = shells;
        this.asks = asks;
        this.views = core.kept().views();
        this.logs = core.kept().logs();
        this.signal = core.queue().signal();
        this.runs = new RunCommands(core, upkeep);
        this.forges = new ForgeCommands(core, sweeper);
        this.upkeep = upkeep;
        this.logFiles = new LogCommands(core);
        this.caches = new CacheCommands(core);
        this.tokens = new TokenCommands(core);
        this.hooks = new HookCommands(core);
        this.networks = new NetworkCommands(core.configured(), views);
        this.values = new ValueCommands(core);
        this.secrets = new SecretCommands(core);
        this.secretHealth = new SecretHealth(core);
    }

    @Override
    public void handle(Command command, String who, Consumer<Reply> replies)
            throws InterruptedException {
        boolean waits = command instanceof Command.Log || command instanceof Command.Wait;
        long bytes = waits ? ReadBudget.STREAM : COMMAND;
        try (var share = reading.take(who, bytes).orElse(null)) {
            replies.accept(share == null ? BUSY : answer(command, who, replies));
        }
    }

    private Reply answer(Command command, String who, Consumer<Reply> replies)
            throws InterruptedException {
        return switch (command) {
            case Command.Runs list -> runs.list(list, replies);
            case Command.Wait wait -> runs.await(wait.run(), replies);
            case Command.Log log -> log(log, replies);
            case Command.LogFile file -> logFiles.file(file, replies);
            case Command.Cancel cancel -> cancel(cancel.run(), who);
            case Command.Rerun rerun -> rerun(rerun, who);
            case Command.Sweep sweep -> forges.sweep(sweep.repository(), replies);
            case Command.SweepStates _ -> forges.sweepStates(replies);
            case Command.Statuses _ -> forges.statusPauses(replies);
            case Command.RetryStatuses retry -> forges.retryStatuses(retry.repository());
            case Command.Usage _ -> upkeep.usage(replies);
            case Command.ListCaches list -> caches.list(list, replies);
            case Command.PruneCaches prune -> caches.prune(prune, who);
            case Command.MachineProblems _ -> machineProblems(replies);
            case Command.VmTimes times -> vmTimes(times, replies);
            case Command.Network network -> networks.ofRun(network.run(), replies);
            case Command.SuggestNetwork suggest -> networks.suggest(suggest, replies);
            case Command.Shell _ ->
                    throw new IllegalStateException("a shell is entered, not answered");
            case Command.NewHook hook -> hooks.make(hook, who, replies);
            case Command.TestHook hook -> hooks.test(hook.repository());
            case Command.NewSecret secret -> secrets.makeKey(secret, who, replies);
            case Command.SecretLine line -> secrets.line(line);
            case Command.SetSecret secret -> values.set(secret, who);
            case Command.RemoveSecret secret -> secrets.remove(secret, who);
            case Command.ListSecrets list -> secrets.list(list.repository(), replies);
            case Command.RotateSecrets _ -> secrets.rotate(who);
            case Command.SecretProblems _ -> secretHealth.problems(replies);
            case Command.NewToken token -> tokens.make(token, who, replies);
            case Command.ListTokens _ -> tokens.list(replies);
            case Command.RevokeToken token -> tokens.revoke(token.name(), who);
        };
    }

    @Override
    public Entrance enter(Command.Shell shell, String who, Consumer<String> notes)
            throws InterruptedException {
        return shells.enter(shell, who, notes);
    }

    private Reply machineProblems(Consumer<Reply> replies) {
        health.problems().stream().map(Reply.MachineProblem::new).forEach(replies);
        return new Reply.Done("");
    }

    private Reply vmTimes(Command.VmTimes command, Consumer<Reply> replies) {
        for (var vm : views.vmTimes(command.run(), Math.clamp(command.most(), 1, 2_000))) {
            var micros = new LinkedHashMap<String, Long>();
            vm.times().parts().forEach((part, time) -> micros.put(part, time.toNanos() / 1000));
            replies.accept(
                    new Reply.VmTime(
                            vm.run().text(), vm.phase().key(), vm.times().beginning(), micros));
        }
        return new Reply.Done("");
    }

    private Reply log(Command.Log command, Consumer<Reply> replies) throws InterruptedException {
        if (views.head(command.run()).isEmpty()) {
            return RunCommands.unknown(command.run());
        }
        long at = logs.frameAt(command.run(), command.offset());
        while (true) {
            // checked before reading, so as not to miss the last frames
            boolean over = views.head(command.run()).map(RunHead::isOver).orElse(true);
            var chunks = logs.read(command.run(), at, PIECE);
            for (LogFrame chunk : chunks) {
                replies.accept(text(chunk));
                at = chunk.next();
            }
            // not by size: a frame that a crash cut short never becomes complete
            if (chunks.isEmpty() && !command.follow()) {
                return new Reply.Done("");
            }
            if (chunks.isEmpty() && over) {
                return runs.await(command.run(), replies);
            }
            if (chunks.isEmpty()) {
                Thread.sleep(LOOK);
            }
        }
    }

    private static Reply.Text text(LogFrame chunk) {
        return new Reply.Text(
                chunk.phase().key(),
                chunk.step(),
                chunk.stream(),
                new String(chunk.bytes(), StandardCharsets.UTF_8));
    }

    private Reply cancel(RunId run, String who) {
        return switch (asks.cancel(run, who)) {
            case ENDED -> new Reply.Done("cancelled; it had not begun");
            case ASKED -> new Reply.Done("cancelling; its VM is being ended");
            case TOO_LATE -> new Reply.Problem("run " + run + " has ended already");
            case UNKNOWN -> RunCommands.unknown(run);
        };
    }

    private Reply rerun(Command.Rerun rerun, String who) {
        var request = asks.rerun(rerun.of(), rerun.althoughMoved(), who);
        signal.raise();
        return request.<Reply>map(id -> new Reply.Done("queued again as request " + id))
                .orElseGet(() -> RunCommands.unknown("run or request " + rerun.of()));
    }
}
