package airlock.yaml;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads one YAML 1.2 document strictly: UTF-8 only, no duplicate keys, no second document, only
/// tags of the core schema, nothing above the limits. It creates [Node]s and no other objects.
public final class YamlReader {
    private final YamlLimits limits;

    public YamlReader(YamlLimits limits) {
        this.limits = limits;
    }

    /// The document's root; the empty value for an empty file. If the file can't be read, the
    /// reason is reported to `file`. Duplicate keys are reported and dropped, so that other
    /// problems are found too.
    ///
    /// @param file see [Problems#top()]
    public Optional<Node> read(byte[] bytes, Place file) {
        if (bytes.length > limits.bytes()) {
            file.error("%,d bytes; at most %,d are read".formatted(bytes.length, limits.bytes()));
            return Optional.empty();
        }
        return decode(bytes, file).flatMap(text -> compose(text, file));
    }

    private Optional<Node> compose(String text, Place file) {
        try {
            var settings = LoadSettings.builder().setCodePointLimit(Integer.MAX_VALUE).build();
            var events = new Parse(settings).parseString(text).iterator();
            return Optional.of(new Composer(events, limits, file).document());
        } catch (Composer.Refusal _) {
            return Optional.empty(); // already reported
        } catch (MarkedYamlEngineException e) {
            Mark mark = e.getProblemMark().or(e::getContextMark).orElse(null);
            Place place = mark == null ? file : file.at(Composer.position(mark));
            place.error("not valid YAML: " + complaint(e));
        } catch (ReaderException e) {
            file.at(positionOf(text, e.getPosition()))
                    .error("character U+%04X is not allowed in YAML".formatted(e.getCodePoint()));
        } catch (YamlEngineException e) {
            file.error("not valid YAML: " + e.getMessage());
        }
        return Optional.empty();
    }

    private static String complaint(MarkedYamlEngineException e) {
        String context = e.getContext();
        return context == null ? e.getProblem() : context + ", " + e.getProblem();
    }

    private static Optional<String> decode(byte[] bytes, Place file) {
        var decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        boolean isUtf8 = !decoder.decode(in, out, true).isError();
        String text = out.flip().toString();
        if (!isUtf8) {
            file.at(positionOf(text, Integer.MAX_VALUE))
                    .error(
                            "byte 0x%02X is not UTF-8".formatted(bytes[in.position()]),
                            "a file in UTF-8");
            return Optional.empty();
        }
        return Optional.of(text.startsWith("\uFEFF") ? text.substring(1) : text);
    }

    /// The position of the code point at `index`, or of the end.
    private static Position positionOf(String text, int index) {
        int line = 1;
        int column = 1;
        int seen = 0;
        for (int i = 0; i < text.length() && seen < index; seen++) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            column = c == '\n' ? 1 : column + 1;
            line += c == '\n' ? 1 : 0;
        }
        return new Position(line, column);
    }
}
