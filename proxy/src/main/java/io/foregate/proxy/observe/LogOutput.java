package io.foregate.proxy.observe;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where lines go: a file that can be opened anew by its path, or one of the process's standard streams.
 *
 * <p>After its construction it belongs to the writer thread.
 */
final class LogOutput implements Closeable {
    /** Opens the channel; called again for each reopening. */
    interface Opener {
        WritableByteChannel open() throws IOException;
    }

    private final String name;
    private final Opener opener;
    private final boolean reopens;
    private WritableByteChannel channel;

    LogOutput(String name, Opener opener, boolean reopens) throws IOException {
        this.name = name;
        this.opener = opener;
        this.reopens = reopens;
        this.channel = opener.open();
    }

    /** Appends to {@code path}, and creates it when it isn't there: readable by owner and group, as it tells of users. */
    static LogOutput file(Path path) throws IOException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----"))
                }
                : new FileAttribute<?>[0];
        Set<StandardOpenOption> options = Set.of(StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return new LogOutput(path.toString(), () -> FileChannel.open(path, options, attributes), true);
    }

    static LogOutput stdout() throws IOException {
        return new LogOutput("stdout", () -> new FileOutputStream(FileDescriptor.out).getChannel(), false);
    }

    static LogOutput stderr() throws IOException {
        return new LogOutput("stderr", () -> new FileOutputStream(FileDescriptor.err).getChannel(), false);
    }

    /** What messages call it. */
    String name() {
        return name;
    }

    /** Writes some of {@code bytes}; 0 when it takes none for now. */
    int write(ByteBuffer bytes) throws IOException {
        return channel.write(bytes);
    }

    /**
     * Opens the path anew; what is written next goes there.
     *
     * @return what was open, for the caller to close, or null for a stream, which has no path
     * @throws IOException when it can't be opened; what was open stays in use
     */
    @Nullable
    Closeable reopen() throws IOException {
        if (!reopens) {
            return null;
        }
        Closeable old = channel;
        channel = opener.open();
        return old;
    }

    /** Closes a file; a standard stream isn't ours to close. */
    @Override
    public void close() throws IOException {
        if (reopens) {
            channel.close();
        }
    }
}
