package airlock.vm;

import airlock.text.SafeText;
import airlock.vm.EndState.VmSignal;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/// Reads a VM's log port: opens the gate when the guest is ready, and passes each record to the
/// listener and to the VM.
record LogPump(
        SocketChannel channel,
        VmSpec spec,
        Consumer<GuestRecord> listener,
        Gate gate,
        Consumer<VmSignal> signals) {
    private static final int BUFFER = 128 << 10;

    @FunctionalInterface
    interface Gate {
        /// Prepares everything that the guest must not see before, and returns the line that opens
        /// it.
        HostLine open() throws IOException;
    }

    /// @param clone whether the guest waits at its gate already; the listener still gets that
    ///     record
    void run(boolean clone) {
        var in = new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
        int steps = spec.steps().size();
        var reader = clone ? RecordReader.afterReady(in, steps) : new RecordReader(in, steps);
        try {
            boolean more = !clone || hear(new GuestRecord.Ready(GuestRecord.Ready.VERSION));
            while (more) {
                var record = reader.next();
                more = !isFlood(reader) && record.isPresent() && hear(record.orElseThrow());
            }
        } catch (ProtocolException e) {
            if (!isFlood(reader)) {
                String reason = String.valueOf(e.getMessage());
                signals.accept(new VmSignal.BadLog(SafeText.line(reason, SafeText.SAID)));
            }
        } catch (IOException e) {
            signals.accept(new VmSignal.BadLog("the port cannot be used: " + e.getMessage()));
        }
        signals.accept(new VmSignal.LogClosed());
    }

    /// Whether the guest has sent too much, which ends the VM.
    private boolean isFlood(RecordReader reader) {
        long limit = spec.limits().logBytes();
        boolean flood = reader.bytesRead() > limit;
        if (flood) {
            String why = "the log became longer than %,d bytes".formatted(limit);
            signals.accept(new VmSignal.Ended(new VmEnd.OverLimit(VmEnd.Limited.LOG, why)));
        }
        return flood;
    }

    /// Returns whether there may be more to read.
    private boolean hear(GuestRecord record) throws IOException {
        if (record instanceof GuestRecord.StepStarted) {
            // first: from now on the code under test may have written the records
            signals.accept(new VmSignal.Heard(record));
        }
        try {
            listener.accept(record);
        } catch (RuntimeException e) {
            var end = new VmEnd.HostFailed("the log could not be kept: " + e);
            signals.accept(new VmSignal.Ended(end));
            return false;
        }
        switch (record) {
            case GuestRecord.Ready _ -> {
                Channels.newOutputStream(channel).write(gate.open().encode());
                signals.accept(new VmSignal.Heard(record));
            }
            case GuestRecord.Finished _, GuestRecord.Broke _ ->
                    signals.accept(new VmSignal.Heard(record));
            case GuestRecord.StepStarted _, GuestRecord.Output _, GuestRecord.StepEnded _ -> {}
        }
        return true;
    }
}
