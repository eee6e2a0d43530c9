package user;

import org.junit.Assert;
import org.junit.Test;

public class GreetTest {
    @Test
    public void gradleSaysHello() {
        Assert.assertEquals(1, Greet.hello());
        System.out.println("gradle says " + Greet.hello());
    }
}
