package airlock.text;

import static airlock.text.TextStyle.NO_COLOUR;

import airlock.text.TextStyle.StyledText;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Reads an output stream of a hostile program piece by piece. Of its escape sequences (ECMA-48
/// with xterm's strings) it keeps only colours and bold, and drops titles, links, cursor movement
/// and all others (H5). Invalid UTF-8 becomes U+FFFD; a carriage return ends the line. A sequence
/// or character may continue in the next piece.
///
/// For one thread.
public final class AnsiText {
    /// A string sequence, such as a title, hides its content. It ends after this many characters or
    /// with its line, so that it can't hide the rest of the log.
    private static final int LONGEST_STRING = 4096;

    private static final int LONGEST_CONTROL = 256;
    private static final int LONGEST_CHARACTER = 4;

    private static final char BEL = 0x07;
    private static final char ESC = 0x1b;

    private enum State {
        TEXT,
        ESCAPE,
        CONTROL,
        STRING,
        STRING_ESCAPE
    }

    private final CharsetDecoder decoder =
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPLACE)
                    .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final StringBuilder parameters = new StringBuilder();
    private final StringBuilder text = new StringBuilder();
    private List<StyledText> pieces = new ArrayList<>();
    private ByteBuffer rest = ByteBuffer.allocate(0);
    private State state = State.TEXT;
    private TextStyle style = TextStyle.PLAIN;
    private int length;
    private boolean carriageReturn;

    /// The visible text of the next bytes.
    public List<StyledText> feed(byte[] bytes) {
        return feed(bytes, false);
    }

    /// The rest of the visible text at the end of the stream.
    public List<StyledText> end() {
        return feed(new byte[0], true);
    }

    /// The visible text of a whole stream, without colours.
    public static String plain(byte[] bytes) {
        var parser = new AnsiText();
        return StyledText.plain(parser.feed(bytes)) + StyledText.plain(parser.end());
    }

    private List<StyledText> feed(byte[] bytes, boolean last) {
        var input =
                ByteBuffer.allocate(rest.remaining() + bytes.length).put(rest).put(bytes).flip();
        var characters = CharBuffer.allocate(input.remaining() + LONGEST_CHARACTER);
        decoder.decode(input, characters, last);
        if (last) {
            decoder.flush(characters);
            decoder.reset();
        }
        rest = ByteBuffer.allocate(input.remaining()).put(input).flip();
        characters.flip().codePoints().forEach(this::accept);
        cut();
        var result = pieces;
        pieces = new ArrayList<>();
        return List.copyOf(result);
    }

    private void accept(int c) {
        switch (state) {
            case TEXT -> inText(c);
            case ESCAPE -> inEscape(c);
            case CONTROL -> inControl(c);
            case STRING -> inString(c);
            case STRING_ESCAPE -> {
                // ESC \ or any other sequence ends the string
                state = State.ESCAPE;
                inEscape(c);
            }
        }
    }

    private void inText(int c) {
        if (carriageReturn && c != '\r') {
            carriageReturn = false;
            if (c != '\n') {
                text.append('\n');
            }
        }
        if (c == '\n' || c == '\t') {
            text.append((char) c);
        } else if (c == '\r') {
            carriageReturn = true;
        } else if (!startsSequence(c) && !SafeText.isHarmful(c)) {
            text.appendCodePoint(c);
        }
    }

    /// ESC, and its one-character forms in the C1 range.
    private boolean startsSequence(int c) {
        switch (c) {
            case ESC -> enter(State.ESCAPE);
            case 0x9b -> enter(State.CONTROL);
            case 0x90, 0x98, 0x9d, 0x9e, 0x9f -> enter(State.STRING);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void enter(State next) {
        state = next;
        length = 0;
        parameters.setLength(0);
    }

    private void inEscape(int c) {
        if (c == '[') {
            enter(State.CONTROL);
        } else if (c == ']' || c == 'P' || c == 'X' || c == '^' || c == '_') {
            enter(State.STRING);
        } else if (c < 0x20 || c >= 0x7f) {
            backToText(c);
        } else if (c >= 0x30) {
            state = State.TEXT;
        } else if (++length > LONGEST_CONTROL) {
            state = State.TEXT;
        }
    }

    private void inControl(int c) {
        if (c >= 0x40 && c <= 0x7e) {
            state = State.TEXT;
            boolean whole = parameters.chars().allMatch(p -> p >= '0' && p <= ';');
            if (c == 'm' && whole) {
                cut();
                style = Sgr.apply(style, parameters.toString());
            }
        } else if (c >= 0x20 && c < 0x40 && parameters.length() < LONGEST_CONTROL) {
            parameters.append((char) c);
        } else {
            backToText(c);
        }
    }

    private void inString(int c) {
        if (c == ESC) {
            state = State.STRING_ESCAPE;
        } else if (c == BEL || c == 0x9c || ++length > LONGEST_STRING) {
            state = State.TEXT;
        } else if (c == '\n') {
            backToText(c);
        }
    }

    /// Drops an incomplete sequence and reads `c` as text.
    private void backToText(int c) {
        state = State.TEXT;
        inText(c);
    }

    private void cut() {
        if (!text.isEmpty()) {
            pieces.add(new StyledText(style, text.toString()));
            text.setLength(0);
        }
    }

    /// Reads the parameters of "select graphic rendition", `CSI … m` (ECMA-48 8.3.117, with the
    /// colour indexes of xterm): keeps colours and bold, ignores all else.
    static final class Sgr {
        /// xterm's first sixteen, as 0xRRGGBB.
        private static final int[] PALETTE = {
            0x000000, 0xcd0000, 0x00cd00, 0xcdcd00, 0x0000ee, 0xcd00cd, 0x00cdcd, 0xe5e5e5,
            0x7f7f7f, 0xff0000, 0x00ff00, 0xffff00, 0x5c5cff, 0xff00ff, 0x00ffff, 0xffffff,
        };

        private static final int[] CUBE = {0, 95, 135, 175, 215, 255};

        private final int[] numbers;
        private int at;

        private Sgr(String parameters) {
            numbers = Stream.of(parameters.split("[;:]", -1)).mapToInt(Sgr::number).toArray();
        }

        static TextStyle apply(TextStyle before, String parameters) {
            var sgr = new Sgr(parameters);
            var style = before;
            while (sgr.at < sgr.numbers.length) {
                style = sgr.next(style);
            }
            return style;
        }

        private TextStyle next(TextStyle s) {
            int n = numbers[at++];
            if (n == 0) {
                return TextStyle.PLAIN;
            } else if (n == 1 || n == 22) {
                return new TextStyle(s.foreground(), s.background(), n == 1);
            } else if ((n >= 30 && n <= 37) || (n >= 90 && n <= 97)) {
                return foreground(s, n < 90 ? n - 30 : n - 82);
            } else if ((n >= 40 && n <= 47) || (n >= 100 && n <= 107)) {
                return background(s, n < 100 ? n - 40 : n - 92);
            } else if (n == 38) {
                return foreground(s, colour(s.foreground()));
            } else if (n == 48) {
                return background(s, colour(s.background()));
            } else if (n == 39) {
                return foreground(s, NO_COLOUR);
            } else if (n == 49) {
                return background(s, NO_COLOUR);
            }
            return s;
        }

        /// Reads the colour after 38 or 48: `5;INDEX` or `2;R;G;B`.
        private int colour(int otherwise) {
            int kind = take();
            if (kind == 5) {
                int index = take();
                return index >= 0 && index <= 255 ? nearest(indexed(index)) : otherwise;
            } else if (kind == 2) {
                int red = take();
                int green = take();
                int blue = take();
                boolean valid = (red | green | blue) >= 0 && (red | green | blue) <= 255;
                return valid ? nearest(red << 16 | green << 8 | blue) : otherwise;
            }
            return otherwise;
        }

        private int take() {
            return at < numbers.length ? numbers[at++] : -1;
        }

        private static int indexed(int index) {
            if (index < PALETTE.length) {
                return PALETTE[index];
            }
            if (index >= 232) {
                int grey = 8 + 10 * (index - 232);
                return grey << 16 | grey << 8 | grey;
            }
            int cube = index - PALETTE.length;
            return CUBE[cube / 36] << 16 | CUBE[cube / 6 % 6] << 8 | CUBE[cube % 6];
        }

        private static int nearest(int rgb) {
            int best = 0;
            int shortest = Integer.MAX_VALUE;
            for (int i = 0; i < PALETTE.length; i++) {
                int distance =
                        square((rgb >> 16) - (PALETTE[i] >> 16))
                                + square((rgb >> 8 & 255) - (PALETTE[i] >> 8 & 255))
                                + square((rgb & 255) - (PALETTE[i] & 255));
                if (distance < shortest) {
                    shortest = distance;
                    best = i;
                }
            }
            return best;
        }

        private static int square(int n) {
            return n * n;
        }

        private static TextStyle foreground(TextStyle s, int colour) {
            return new TextStyle(colour, s.background(), s.bold());
        }

        private static TextStyle background(TextStyle s, int colour) {
            return new TextStyle(s.foreground(), colour, s.bold());
        }

        private static int number(String digits) {
            if (digits.isEmpty()) {
                return 0;
            }
            boolean small =
                    digits.length() <= 4 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
            return small ? Integer.parseInt(digits) : -1;
        }
    }
}
