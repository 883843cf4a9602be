package io.foregate.control.reload;

import io.foregate.control.config.ConfigLoader;
import io.foregate.control.config.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The text of a configuration. A value. */
public final class Source {
    private final String name;
    private final byte[] text;

    /**
     * @param name of the file, for messages; relative paths in the text start in its folder
     * @param text its bytes, which are not changed any more
     */
    public Source(String name, byte[] text) {
        this.name = name;
        this.text = text;
    }

    public String name() {
        return name;
    }

    /** Its bytes; not to be changed. */
    public byte[] text() {
        return text;
    }

    /** What stands in a file at this moment. */
    public static Source of(Path file) throws IOException {
        return new Source(file.toString(), Files.readAllBytes(file));
    }

    /** Reads and checks it. */
    public Loaded load() {
        return ConfigLoader.load(name, text);
    }

    boolean sameText(Source other) {
        return Arrays.equals(text, other.text);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Source source && name.equals(source.name) && sameText(source);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + Arrays.hashCode(text);
    }

    @Override
    public String toString() {
        return name + " (" + text.length + " bytes)";
    }
}
