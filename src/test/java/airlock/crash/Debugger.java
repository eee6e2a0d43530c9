package airlock.crash;

import com.sun.jdi.ClassType;
import com.sun.jdi.IncompatibleThreadStateException;
import com.sun.jdi.ObjectReference;
import com.sun.jdi.ReferenceType;
import com.sun.jdi.StringReference;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VMDisconnectedException;
import com.sun.jdi.Value;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.connect.IllegalConnectorArgumentsException;
import com.sun.jdi.connect.ListeningConnector;
import com.sun.jdi.event.BreakpointEvent;
import com.sun.jdi.event.ClassPrepareEvent;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.StepEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.StepRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Stops all threads of another JVM at a [Place]. So crash tests kill the product as delivered,
/// which needs no hooks for them.
final class Debugger implements AutoCloseable {
    private static final Duration CONNECTS = Duration.ofMinutes(2);

    private static final Duration HIT = Duration.ofMinutes(3);

    private final ListeningConnector connector;
    private final Map<String, Connector.Argument> arguments;
    private @Nullable VirtualMachine machine;

    private Debugger(ListeningConnector connector, Map<String, Connector.Argument> arguments) {
        this.connector = connector;
        this.arguments = arguments;
    }

    /// Listens on loopback for the JVM to stop.
    static Debugger listen() throws IOException, IllegalConnectorArgumentsException {
        // a new one each time: the JDK's shared one keeps listeners in a map without a lock
        var connector =
                ServiceLoader.load(Connector.class).stream()
                        .map(ServiceLoader.Provider::get)
                        .filter(c -> c.name().equals("com.sun.jdi.SocketListen"))
                        .map(ListeningConnector.class::cast)
                        .findFirst()
                        .orElseThrow();
        var arguments = connector.defaultArguments();
        set(arguments, "localAddress", "127.0.0.1");
        set(arguments, "port", "0");
        set(arguments, "timeout", Long.toString(CONNECTS.toMillis()));
        connector.startListening(arguments);
        return new Debugger(connector, arguments);
    }

    private static void set(Map<String, Connector.Argument> all, String name, String value) {
        all.get(name).setValue(value);
    }

    /// The option that makes a JVM wait for this debugger before its first class.
    String option() {
        return "-agentlib:jdwp=transport=dt_socket,server=n,suspend=y,address=127.0.0.1:"
                + arguments.get("port").value();
    }

    /// Waits for the JVM and lets it run.
    void attach() throws IOException, IllegalConnectorArgumentsException, InterruptedException {
        machine = connector.accept(arguments);
        // its start is an event that stops it; resuming before that event has no effect
        var start = machine.eventQueue().remove(HIT.toMillis());
        if (start == null) {
            throw new AssertionError("the JVM did not start");
        }
        start.resume();
    }

    /// Makes the JVM stop at `place` from now on.
    void stopAt(Place place) {
        var attached = Objects.requireNonNull(machine, "attach first");
        attached.suspend();
        var prepared = attached.eventRequestManager().createClassPrepareRequest();
        prepared.addClassFilter(place.type());
        prepared.enable();
        attached.classesByName(place.type()).forEach(type -> breakAt(type, place));
        attached.resume();
    }

    /// Waits until it has stopped there.
    void await(Place place) throws InterruptedException {
        var attached = Objects.requireNonNull(machine, "attach first");
        try {
            while (true) {
                var events = attached.eventQueue().remove(HIT.toMillis());
                if (events == null) {
                    throw new AssertionError("the server did not reach " + place);
                }
                for (Event event : events) {
                    if (isThere(event, place)) {
                        return;
                    }
                }
                events.resume();
            }
        } catch (VMDisconnectedException e) {
            throw new AssertionError("the server ended before it reached " + place, e);
        }
    }

    private boolean isThere(Event event, Place place) {
        return switch (event) {
            case ClassPrepareEvent prepared -> {
                breakAt(prepared.referenceType(), place);
                yield false;
            }
            case BreakpointEvent hit when isAbout(hit.thread(), place.about()) -> {
                if (place.moment() == Place.Moment.BEFORE) {
                    yield true;
                }
                stopAfter(hit.thread());
                yield false;
            }
            case StepEvent _ -> true;
            default -> false;
        };
    }

    private static void breakAt(ReferenceType type, Place place) {
        for (var method : type.methodsByName(place.method())) {
            if (method.declaringType().equals(type) && method.location() != null) {
                type.virtualMachine()
                        .eventRequestManager()
                        .createBreakpointRequest(method.location())
                        .enable();
            }
        }
    }

    /// Steps out of the method: method exit events would slow down all code.
    private static void stopAfter(ThreadReference thread) {
        var requests = thread.virtualMachine().eventRequestManager();
        if (requests.stepRequests().isEmpty()) {
            requests.breakpointRequests().forEach(EventRequest::disable);
            requests.createStepRequest(thread, StepRequest.STEP_MIN, StepRequest.STEP_OUT).enable();
        }
    }

    /// Whether an argument, or a field of one, is the enum constant of that name.
    private static boolean isAbout(ThreadReference thread, String constant) {
        if (constant.isEmpty()) {
            return true;
        }
        try {
            return thread.frame(0).getArgumentValues().stream()
                    .flatMap(argument -> Stream.concat(Stream.of(argument), parts(argument)))
                    .anyMatch(value -> isConstant(value, constant));
        } catch (IncompatibleThreadStateException e) {
            throw new IllegalStateException("a thread at a breakpoint is stopped", e);
        }
    }

    private static Stream<Value> parts(@Nullable Value value) {
        if (!(value instanceof ObjectReference object)) {
            return Stream.empty();
        }
        // an enum's static fields are all of its constants
        var fields =
                object.referenceType().allFields().stream().filter(f -> !f.isStatic()).toList();
        return object.getValues(fields).values().stream();
    }

    private static boolean isConstant(@Nullable Value value, String constant) {
        return value instanceof ObjectReference object
                && object.referenceType() instanceof ClassType type
                && Stream.iterate(type, t -> t != null, ClassType::superclass)
                        .anyMatch(t -> t.name().equals("java.lang.Enum"))
                && object.getValue(type.fieldByName("name")) instanceof StringReference name
                && name.value().equals(constant);
    }

    @Override
    public void close() throws IOException, IllegalConnectorArgumentsException {
        connector.stopListening(arguments);
        letGo();
    }

    /// Detaches, and the JVM goes on.
    void letGo() {
        if (machine != null) {
            try {
                machine.dispose();
            } catch (VMDisconnectedException _) {
                // killed, as it should be
            }
            machine = null;
        }
    }
}
