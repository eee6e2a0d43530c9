package airlock.yaml;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Declares a record component as a key of a file: its meaning, bounds and default. [Binder] reads
/// files and writes documentation from it.
///
/// A key without [#or] is required, unless its component is an `Optional`.
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {
    /// The key's meaning in whole sentences.
    String value() default "";

    /// The key's name; by default the component's in snake case.
    String name() default "";

    /// The default, as written in the file.
    String or() default "";

    /// For an `Optional`: what applies without the key.
    String without() default "";

    /// A value as written in the file; by default the other value of a flag, or the default.
    String example() default "";

    /// The smallest and the largest value as written in the file, `1s to 7d`; for a list, the
    /// number of items.
    String range() default "";

    /// The word of a type of the [Binder]; for a list, of its items.
    String type() default "";

    /// A regular expression for the text; for a mapping, for its names.
    String pattern() default "";

    /// Describes a text that matches.
    String expected() default "";

    /// How to create what the key refers to.
    String cure() default "";

    /// Whether a single item needs no list around it.
    boolean bare() default false;

    /// Whether the empty value is read as an empty list.
    boolean orNothing() default false;

    /// On a record: the title of its mapping in the documentation.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.TYPE)
    @interface Group {
        String title();

        String about() default "";
    }

    /// Marks a component that receives the key of the mapping itself.
    @Retention(RetentionPolicy.RUNTIME)
    @Target(ElementType.RECORD_COMPONENT)
    @interface Name {}

    /// A record with rules over several components.
    interface Checked {
        /// Reports problems to the places of `values`.
        void check(Values values);
    }
}
