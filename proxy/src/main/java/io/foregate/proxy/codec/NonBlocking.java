package io.foregate.proxy.codec;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/** Takes from a socket that calls may wait in it: Netty accepts sockets for io_uring without, and splice(2) has no way of its own. */
final class NonBlocking {
    // The same on x86-64 and aarch64.
    private static final int SET_FLAGS = 4;
    private static final int NONBLOCK = 0x800;

    private static final MethodHandle CONTROL = Linker.nativeLinker()
            .downcallHandle(
                    Linker.nativeLinker().defaultLookup().findOrThrow("fcntl"),
                    FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT),
                    Linker.Option.firstVariadicArg(2));

    private NonBlocking() {}

    /** False when that can't be. */
    static boolean make(int descriptor) {
        try {
            return (int) CONTROL.invokeExact(descriptor, SET_FLAGS, NONBLOCK) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("fcntl can't be called", e);
        }
    }
}
