package io.foregate.proxy.upstream;

import org.jspecify.annotations.Nullable;

/** What somebody wants of an endpoint at run time, whatever the configuration says: whether it serves, and how much. Thread-safe. */
final class EndpointService {
    /** What is wanted, and since when; {@code keepsSticky} matters while draining. */
    record Order(EndpointStatus status, boolean keepsSticky) {}

    // Null while it serves as configured.
    private volatile @Nullable Order order;
    // 0 is the weight of the configuration.
    private volatile int weight;

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
        return wanted == 0 ? configured : wanted;
    }

    void weight(@Nullable Integer wanted) {
        weight = wanted == null ? 0 : wanted;
    }
}
