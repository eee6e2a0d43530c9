package airlock.agent;

import airlock.agent.Sessions.Binding;
import airlock.uplink.UplinkStream;

/// One client of the agent: its messages, each answered before the next is read.
final class Conversation {
    private final PhaseAgent agent;
    private final UplinkStream stream;
    private final MessageReader messages;
    private Binding binding = new Binding.None();

    Conversation(PhaseAgent agent, UplinkStream stream) {
        this.agent = agent;
        this.stream = stream;
        this.messages = new MessageReader(stream);
    }

    void run() throws InterruptedException {
        boolean isOpen = true;
        while (isOpen) {
            isOpen =
                    switch (messages.next()) {
                        case MessageReader.Incoming.Message(byte[] message) -> isAnswered(message);
                        case MessageReader.Incoming.Ended _ -> {
                            stream.end();
                            yield false;
                        }
                        case MessageReader.Incoming.Malformed(var why) -> {
                            agent.cut(stream, why);
                            yield false;
                        }
                    };
        }
    }

    private boolean isAnswered(byte[] message) throws InterruptedException {
        if (!agent.takesMessage()) {
            agent.cut(
                    stream,
                    "limit of %,d messages per phase reached".formatted(PhaseAgent.MOST_MESSAGES));
            return false;
        }
        byte[] answer =
                switch (Request.read(message)) {
                    case Request.Identities _ -> agent.identities();
                    case Request.Sign sign -> agent.sign(sign, binding);
                    case Request.Bind bind -> bound(agent.bind(binding, bind));
                    case Request.BrokenBind _ ->
                            bound(new Binding.Spoiled("its client has sent a malformed bind"));
                    case Request.Other(var what) -> agent.refuse(what);
                };
        return stream.send(answer, 0, answer.length);
    }

    private byte[] bound(Binding after) {
        binding = after;
        return switch (after) {
            case Binding.Bound _ -> Answers.success();
            case Binding.None _, Binding.Spoiled _ -> Answers.failure();
        };
    }
}
