package airlock.crash;

import static airlock.crash.Place.after;
import static airlock.crash.Place.before;

import airlock.event.Phase;
import airlock.forge.StatusPoster.CommitState;
import java.util.EnumSet;
import java.util.List;

/// The places at which tests kill the server: at least one for each arrow between two hops of the
/// data (docs/architecture.md).
enum CrashPoint {
    // webhook
    DELIVERY_READ(before("airlock.queue.Intake", "keep"), Work.NOTHING),
    DELIVERY_HALF_KEPT(before("airlock.queue.Deliveries", "add"), Work.NOTHING),
    DELIVERY_KEPT_BUT_NOT_ANSWERED(before("airlock.web.HookRoute", "answer"), Work.NOTHING),
    // event
    REQUEST_MADE_BUT_NOT_COMMITTED(after("airlock.queue.Ledger", "addRequest"), Work.NOTHING),
    // queue
    REQUEST_CLAIMED(before("airlock.run.RequestWorker", "work"), Work.NOTHING),
    REQUEST_PLANNED(after("airlock.queue.Planning", "planned"), Work.NOTHING),
    RUN_CLAIMED(before("airlock.run.RunWorker", "work"), Work.NOTHING),
    // source
    SOURCE_BEING_FETCHED(
            before("airlock.source.FetchMessage$Doing", Place.CONSTRUCTOR).about("RECEIVING"),
            Work.NOTHING),
    SOURCE_BEING_PACKED(
            before("airlock.source.FetchMessage$Doing", Place.CONSTRUCTOR).about("PACKING"),
            Work.NOTHING),
    SOURCE_THERE_BUT_NOT_RECORDED(before("airlock.queue.Planning", "planned"), Work.NOTHING),
    // phases
    GROUP_MADE_BUT_QEMU_NOT_STARTED(before("airlock.sandbox.Launcher", "start"), Work.PLAN),
    QEMU_STARTED_BUT_NOT_MARKED(before("airlock.vm.VmLeftovers$RunMarker", "write"), Work.PLAN),
    READY_CLONE_HAS_THE_NAMES_OF_THE_VM(after("airlock.vm.QemuInstance", "rename"), Work.PLAN),
    PRE_PLAN_UNDER_WAY(step(Phase.PRE_PLAN), Work.FETCHING),
    OUTPUT_TAKEN_BUT_NOT_KEPT(
            before("airlock.results.Blobs", "keep").about(Phase.PRE_PLAN), Work.FETCHING),
    OUTPUT_KEPT_BUT_PHASE_NOT_RECORDED(
            before("airlock.results.PhaseRecords", "ended").about(Phase.PRE_PLAN), Work.FETCHING),
    BETWEEN_PHASES(after("airlock.results.PhaseRecords", "ended").about(Phase.PRE_PLAN), Work.ALL),
    PLAN_UNDER_WAY(step(Phase.PLAN), Work.PLAN),
    POST_PLAN_WITHOUT_ITS_LINE(before("airlock.queue.Claims", "publishing"), Work.PUBLISHING),
    POST_PLAN_MAY_HAVE_ITS_LINE(
            after("airlock.queue.Claims", "publishing"), Work.PUBLISHING, Ending.INTERRUPTED),
    POST_PLAN_UNDER_WAY(step(Phase.POST_PLAN), Work.PUBLISHING, Ending.INTERRUPTED),
    POST_PLAN_RECORDED(
            after("airlock.results.PhaseRecords", "ended").about(Phase.POST_PLAN), Work.PUBLISHING),
    // results
    PHASES_DONE_BUT_NO_VERDICT(before("airlock.queue.Claims", "end"), Work.PLAN),
    FAILURE_WITHOUT_VERDICT(before("airlock.queue.Claims", "end"), Work.FAILING, Ending.FAILED),
    VERDICT_RECORDED(after("airlock.queue.Claims", "end"), Work.NOTHING),
    // statuses
    STATUS_NOT_POSTED(
            before("airlock.forge.HttpStatuses", "post").about(CommitState.SUCCESS), Work.NOTHING),
    STATUS_POSTED_BUT_NOT_RECORDED(
            after("airlock.forge.HttpStatuses", "post").about(CommitState.SUCCESS), Work.NOTHING);

    @SuppressWarnings("ImmutableEnumChecker") // a record of texts
    private final Place place;

    private final Work work;
    private final Ending ending;

    CrashPoint(Place place, Work work) {
        this(place, work, Ending.PASSED);
    }

    CrashPoint(Place place, Work work, Ending ending) {
        this.place = place;
        this.work = work;
        this.ending = ending;
    }

    private static Place step(Phase phase) {
        return after("airlock.results.PhaseRecords", "stepBegun").about(phase);
    }

    Place place() {
        return place;
    }

    /// The plan to push.
    Work work() {
        return work;
    }

    /// The expected end, although the server was killed here.
    Ending ending() {
        return ending;
    }

    /// Whether this point belongs to the Nth of the M parts into which the soak is split.
    ///
    /// @param part `N/M`, as `deploy/test.sh --part` takes it
    boolean isOf(String part) {
        String[] numbers = part.split("/", 2);
        int parts = Integer.parseInt(numbers[1]);
        int place = List.of(values()).indexOf(this) + 1;
        return place % parts == Integer.parseInt(numbers[0]) % parts;
    }

    /// Whether a virtual machine is running then.
    boolean hasMachine() {
        return EnumSet.of(
                        QEMU_STARTED_BUT_NOT_MARKED,
                        READY_CLONE_HAS_THE_NAMES_OF_THE_VM,
                        PRE_PLAN_UNDER_WAY,
                        PLAN_UNDER_WAY,
                        POST_PLAN_WITHOUT_ITS_LINE,
                        POST_PLAN_MAY_HAVE_ITS_LINE,
                        POST_PLAN_UNDER_WAY)
                .contains(this);
    }

    /// How many ready clones the server keeps.
    int readyClones() {
        return this == READY_CLONE_HAS_THE_NAMES_OF_THE_VM ? 1 : 0;
    }

    /// Whether the server may also keep one there. Otherwise the making of a ready clone would
    /// reach the place first.
    boolean mayHaveReadyClones() {
        return !EnumSet.of(GROUP_MADE_BUT_QEMU_NOT_STARTED, QEMU_STARTED_BUT_NOT_MARKED)
                .contains(this);
    }

    /// Whether that machine's walls are still being made. Then it may stay, before its first
    /// instruction, until the next server starts (docs/adr/0005-qemu-in-bubblewrap.md).
    boolean mayLeaveMachine() {
        return this == QEMU_STARTED_BUT_NOT_MARKED;
    }

    /// A commit's plan, with no more machines than the point needs.
    enum Work {
        NOTHING("plan: []\n"),
        PLAN("plan: [{action: shell, shell: echo tested}]\n"),
        FAILING("plan: [{action: shell, shell: exit 3}]\n"),
        PUBLISHING("post_plan: [{action: shell, shell: echo published}]\n"),
        FETCHING(
                """
                pre_plan: [{action: shell, shell: echo fetched > /ci/deps/got}]
                plan: [{action: shell, shell: cat /ci/deps/got}]
                """),
        ALL(
                """
                pre_plan: [{action: shell, shell: echo fetched > /ci/deps/got}]
                plan: [{action: shell, shell: cat /ci/deps/got}]
                post_plan: [{action: shell, shell: echo published}]
                """);

        private final String plan;

        Work(String plan) {
            this.plan = plan;
        }

        String plan() {
            return plan;
        }
    }

    /// A run's end as the forge sees it.
    enum Ending {
        PASSED("success", "passed"),
        FAILED("failure", "exited with 3"),
        INTERRUPTED("error", "publishing was interrupted");

        private final String state;
        private final String words;

        Ending(String state, String words) {
            this.state = state;
            this.words = words;
        }

        String state() {
            return state;
        }

        /// In the description of the run's status.
        String words() {
            return words;
        }
    }
}
