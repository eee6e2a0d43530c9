package airlock.vm;

import airlock.vm.RecordReader.Reading;

/// The order in which the guest program sends its records; anything else is bad.
final class RecordOrder {
    private static final int NONE = -1;

    private final int steps;
    private boolean ready;
    private boolean last;
    private int open = NONE;
    private int seen = NONE;
    private long time;

    RecordOrder(int steps) {
        this.steps = steps;
    }

    static RecordOrder afterReady(int steps) {
        var order = new RecordOrder(steps);
        order.ready = true;
        return order;
    }

    Reading check(GuestRecord record) {
        String problem = ready || record instanceof GuestRecord.Ready ? "" : "no Ready before it";
        if (problem.isEmpty()) {
            problem = last ? "a record after the last one" : take(record);
        }
        return problem.isEmpty()
                ? new Reading.Read(record)
                : new Reading.Bad(record.getClass().getSimpleName() + ": " + problem);
    }

    private String take(GuestRecord record) {
        return switch (record) {
            case GuestRecord.Ready(var version) -> ready(version);
            case GuestRecord.StepStarted(var step, var at) -> {
                boolean rises = open == NONE && step > seen && step < steps;
                open = step;
                seen = step;
                yield rises ? at(at) : "step %d is out of order".formatted(step);
            }
            case GuestRecord.Output output ->
                    output.step() == open ? at(output.microseconds()) : notOpen(output.step());
            case GuestRecord.StepEnded ended -> {
                boolean ends = ended.step() == open;
                open = NONE;
                yield ends ? at(ended.microseconds()) : notOpen(ended.step());
            }
            case GuestRecord.Finished finished -> {
                last = true;
                yield open == NONE ? at(finished.microseconds()) : "a step has not ended";
            }
            case GuestRecord.Broke broke -> {
                last = true;
                yield at(broke.microseconds());
            }
        };
    }

    private String ready(int version) {
        boolean first = !ready;
        ready = true;
        if (version != GuestRecord.Ready.VERSION) {
            return "protocol version %d, not %d".formatted(version, GuestRecord.Ready.VERSION);
        }
        return first ? "" : "the second one";
    }

    private String at(long microseconds) {
        boolean forward = microseconds >= time;
        time = microseconds;
        return forward ? "" : "its time goes backwards";
    }

    private static String notOpen(int step) {
        return "step %d is not under way".formatted(step);
    }
}
