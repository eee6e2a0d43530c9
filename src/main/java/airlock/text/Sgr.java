package airlock.text;

import static airlock.text.TextStyle.NO_COLOUR;

import java.util.stream.Stream;

/// Reads the parameters of "select graphic rendition", `CSI … m` (ECMA-48 8.3.117, with the colour
/// indexes of xterm): keeps colours and bold, ignores all else.
final class Sgr {
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

    /// The style after `before`.
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
        boolean small = digits.length() <= 4 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return small ? Integer.parseInt(digits) : -1;
    }
}
