package airlock.vm;

import airlock.text.SafeText;
import airlock.vm.RecordReader.Reading;
import airlock.vm.VmHost.VmListener;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.function.Consumer;

/// Reads a VM's log port: opens the gate when the guest is ready, and passes each record to the
/// listener and to the VM.
record LogPump(
        SocketChannel channel,
        VmSpec spec,
        VmListener listener,
        Gate gate,
        Consumer<VmSignal> signals)
        implements Runnable {
    private static final int BUFFER = 128 << 10;

    @FunctionalInterface
    interface Gate {
        /// Prepares everything that the guest must not see before, and returns the line that opens
        /// it.
        HostLine open() throws IOException;
    }

    /// Follows a VM from its boot.
    @Override
    public void run() {
        pump(new RecordReader(input(), spec.steps().size()), false);
    }

    /// Follows a clone, which waits at its gate already; the listener still gets that record.
    void runClone() {
        pump(RecordReader.afterReady(input(), spec.steps().size()), true);
    }

    private InputStream input() {
        return new BufferedInputStream(Channels.newInputStream(channel), BUFFER);
    }

    private void pump(RecordReader reader, boolean ready) {
        try {
            if (ready) {
                hear(new GuestRecord.Ready(GuestRecord.Ready.VERSION));
            }
            while (next(reader)) {}
        } catch (IOException e) {
            signals.accept(new VmSignal.BadLog("the port cannot be used: " + e.getMessage()));
        }
        signals.accept(new VmSignal.LogClosed());
    }

    /// Returns whether there may be more to read.
    private boolean next(RecordReader reader) throws IOException {
        Reading reading = reader.next();
        long limit = spec.limits().logBytes();
        if (reader.bytesRead() > limit) {
            end(
                    new VmEnd.OverLimit(
                            VmEnd.Limited.LOG,
                            "the log became longer than %,d bytes".formatted(limit)));
            return false;
        }
        return switch (reading) {
            case Reading.End() -> false;
            case Reading.Bad(var reason) -> {
                signals.accept(new VmSignal.BadLog(SafeText.line(reason, SafeText.SAID)));
                yield false;
            }
            case Reading.Read(var record) -> hear(record);
        };
    }

    private boolean hear(GuestRecord record) throws IOException {
        if (record instanceof GuestRecord.StepStarted) {
            signals.accept(new VmSignal.StepBegan());
        }
        try {
            listener.record(record);
        } catch (RuntimeException e) {
            end(new VmEnd.HostFailed("the log could not be kept: " + e));
            return false;
        }
        switch (record) {
            case GuestRecord.Ready _ -> {
                Channels.newOutputStream(channel).write(gate.open().encode());
                signals.accept(new VmSignal.GateOpened());
            }
            case GuestRecord.Finished finished -> signals.accept(new VmSignal.Finished(finished));
            case GuestRecord.Broke broke ->
                    signals.accept(
                            new VmSignal.Broke(SafeText.line(broke.detail(), SafeText.SAID)));
            case GuestRecord.StepStarted _, GuestRecord.Output _, GuestRecord.StepEnded _ -> {}
        }
        return true;
    }

    private void end(VmEnd end) {
        signals.accept(new VmSignal.Ended(end));
    }
}
