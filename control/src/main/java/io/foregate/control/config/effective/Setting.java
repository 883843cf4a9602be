package io.foregate.control.config.effective;

/** An effective value and where it came from. */
public record Setting<T>(T value, Origin origin) {
    /** A value that holds because nobody said anything else. */
    public static <T> Setting<T> byDefault(T value) {
        return new Setting<>(value, Origin.DEFAULT);
    }
}
