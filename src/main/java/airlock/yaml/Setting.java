package airlock.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares a record component as a key of a file: the only place that says what the key means, its
/// bounds, and what holds without it. [Binder] reads files and writes documentation from it.
///
/// A key without [#or] must be there, unless its component is an `Optional`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /// What the key means, in sentences.
    String value() default "";

    /// The key's name; the component's in snake case if empty.
    String name() default "";

    /// The default, as the file would have it.
    String or() default "";

    /// For an `Optional`: what it means that the key is missing.
    String without() default "";

    /// A value as the file could have it; the default of a number if empty.
    String example() default "";

    /// The smallest and the largest value, as the file would have them: `1s to 7d`. Of a list, how
    /// many items.
    String range() default "";

    /// The word of a type that [Binder#with(String, Type)] has; of a list, that of its items.
    String type() default "";

    /// A regular expression that the text must match; of a mapping, its names.
    String pattern() default "";

    /// What such a text is, for people.
    String expected() default "";

    /// How to make what the key refers to.
    String cure() default "";

    /// Whether a single item may stand without a list around it.
    boolean bare() default false;

    /// Whether the empty value is an empty list.
    boolean orNothing() default false;

    /// Of a record: how documentation calls the mapping that has these keys.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Group {
        /// Such as `forges.NAME`.
        String title();

        /// A sentence or two for people.
        String about() default "";
    }

    /// A component that is no key but the name under which the mapping stands.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Name {}

    /// A record with rules beyond those of its components.
    interface Checked {
        /// Reports what is wrong to the places of `values`.
        void check(Values values);
    }
}
