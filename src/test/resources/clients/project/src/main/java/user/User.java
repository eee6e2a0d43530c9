package user;

public final class User {
    public static int hello() {
        return hello.Dep.HELLO;
    }
}
