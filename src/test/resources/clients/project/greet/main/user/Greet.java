package user;

public final class Greet {
    public static int hello() {
        return hello.Dep.HELLO;
    }
}
