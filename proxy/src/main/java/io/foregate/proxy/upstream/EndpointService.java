package io.foregate.proxy.upstream;

import org.jspecify.annotations.Nullable;

/** What somebody wants of an endpoint at run time, whatever the configuration says: whether it serves, and how much. Thread-safe. */
final class EndpointService {
    /** What is wanted, and since when; {@code keepsSticky} matters while draining. */
    record Order(EndpointStatus status, boolean keepsSticky) {}

    private static final int AS_CONFIGURED = -1;

    // Null while it serves as configured.
    private volatile @Nullable Order order;
    private volatile int weight = AS_CONFIGURED;

    @Nullable
    Order order() {
        return order;
    }

    /** Replaces the order. Null is back in service. */
    void order(@Nullable Order next) {
        order = next;
    }

    int weightOr(int configured) {
        int wanted = weight;
        return wanted == AS_CONFIGURED ? configured : wanted;
    }

    void weight(@Nullable Integer wanted) {
        weight = wanted == null ? AS_CONFIGURED : wanted;
    }

    void succeed(EndpointService before) {
        order = before.order;
        weight = before.weight;
    }
}
