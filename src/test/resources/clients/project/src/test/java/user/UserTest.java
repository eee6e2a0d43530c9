package user;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class UserTest {
    @Test
    void mavenSaysHello() {
        assertEquals(1, User.hello());
        System.out.println("maven says " + User.hello());
    }
}
