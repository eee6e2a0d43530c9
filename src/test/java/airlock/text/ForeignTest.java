package airlock.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ForeignTest {
    @Test
    void whatATerminalWouldObeyIsGoneAndWhatIsLongIsCut() {
        assertThat(Foreign.line("a\u001b[31mb\r\nc\u202ed\u0000é")).isEqualTo("a?[31mb??c?d??");
        assertThat(Foreign.line("x".repeat(500))).hasSize(201).endsWith("x…");
    }

    @Test
    void linesBecomeOneWithoutTheProgramsOwnName() {
        assertThat(Foreign.lines("qemu: one\r\n\n  two  \nqemu: \nqemu: qemu: three", "qemu: "))
                .isEqualTo("one; two; qemu: three");
        assertThat(Foreign.lines(" \n\n", "qemu: ")).isEmpty();
    }
}
