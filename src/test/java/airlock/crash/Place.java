package airlock.crash;

import java.util.Arrays;

/// A place in the server's code, by name, since tests cannot refer to most of it.
///
/// @param type the binary name of a class
/// @param method its method; `<init>` for the constructors
/// @param moment before its first instruction, or after it has returned
/// @param about the name of an enum constant that an argument must be or hold; empty for any
record Place(String type, String method, Moment moment, String about) {
    static final String CONSTRUCTOR = "<init>";

    enum Moment {
        BEFORE,
        AFTER
    }

    static Place before(String type, String method) {
        return new Place(type, method, Moment.BEFORE, "");
    }

    static Place after(String type, String method) {
        return new Place(type, method, Moment.AFTER, "");
    }

    Place about(Enum<?> constant) {
        return about(constant.name());
    }

    Place about(String constant) {
        return new Place(type, method, moment, constant);
    }

    boolean isThere() {
        try {
            var declared = Class.forName(type, false, Place.class.getClassLoader());
            return method.equals(CONSTRUCTOR)
                    || Arrays.stream(declared.getDeclaredMethods())
                            .anyMatch(m -> m.getName().equals(method));
        } catch (ClassNotFoundException _) {
            return false;
        }
    }
}
