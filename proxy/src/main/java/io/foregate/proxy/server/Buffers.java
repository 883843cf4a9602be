package io.foregate.proxy.server;

import io.foregate.proxy.worker.MemoryGuard;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.internal.PlatformDependent;

/** Where buffers come from. */
final class Buffers {
    private static final String LEAK_LEVEL = "io.netty.leakDetection.level";
    private static final int PAGE_BYTES = 8 * 1024;
    /** Chunks of 2 MiB: enough for a large read, little to hold for a small process. */
    private static final int CHUNK_ORDER = 8;

    private static final int SMALL_CACHE = 256;
    private static final int NORMAL_CACHE = 64;

    private Buffers() {}

    /** Watches how much of the direct memory that the JVM allows is in buffers. */
    static MemoryGuard guard(ByteBufAllocator buffers) {
        return buffers instanceof PooledByteBufAllocator pooled
                ? new MemoryGuard(pooled::pinnedDirectMemory, PlatformDependent.maxDirectMemory(), System::nanoTime)
                : MemoryGuard.none();
    }

    /**
     * Pooled direct memory with one arena for each loop, whose allocations then never meet another thread's. Netty's
     * newer default, the adaptive allocator, falls back to unpooled memory for the buffers between heads and large bodies.
     */
    static ByteBufAllocator allocator(int loops) {
        if (System.getProperty(LEAK_LEVEL) == null) {
            // Tests watch every buffer; in production the sampling is garbage on the hot path.
            ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        }
        return new PooledByteBufAllocator(true, 0, loops, PAGE_BYTES, CHUNK_ORDER, SMALL_CACHE, NORMAL_CACHE, false);
    }
}
