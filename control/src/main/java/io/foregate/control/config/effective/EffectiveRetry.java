package io.foregate.control.config.effective;

import io.foregate.control.config.model.HedgeAfter;
import io.foregate.control.config.model.Retry;
import io.foregate.control.config.model.RetryOn;
import io.foregate.control.config.model.RetryShare;
import io.foregate.control.config.model.Size;
import io.foregate.control.config.model.Timeout;
import java.util.List;

/** When a request of a route is tried again. */
public record EffectiveRetry(
        Setting<Integer> attempts,
        Setting<List<RetryOn>> on,
        Setting<Retry.Methods> methods,
        Setting<Timeout> tryTimeout,
        Setting<Size> buffer,
        Backoff backoff,
        Budget budget,
        Setting<HedgeAfter> hedge) {

    /** How long to wait before a server is asked again. */
    public record Backoff(Setting<Timeout> first, Setting<Timeout> most, Setting<Timeout> maxRetryAfter) {}

    /** How many requests of the pool may be sent another time. */
    public record Budget(Setting<RetryShare> share, Setting<Integer> minPerSecond) {}

    static EffectiveRetry of(Layers layers) {
        return new EffectiveRetry(
                layers.get("retry.attempts", rules -> rules.retry().attempts()),
                layers.get("retry.on", rules -> rules.retry().on()),
                layers.get("retry.methods", rules -> rules.retry().methods()),
                layers.get("retry.try-timeout", rules -> rules.retry().tryTimeout()),
                layers.get("retry.buffer", rules -> rules.retry().buffer()),
                new Backoff(
                        layers.get(
                                "retry.backoff.first",
                                rules -> rules.retry().backoff().first()),
                        layers.get(
                                "retry.backoff.most",
                                rules -> rules.retry().backoff().most()),
                        layers.get(
                                "retry.max-retry-after", rules -> rules.retry().maxRetryAfter())),
                new Budget(
                        layers.get(
                                "retry.budget.share",
                                rules -> rules.retry().budget().share()),
                        layers.get(
                                "retry.budget.min-per-second",
                                rules -> rules.retry().budget().minPerSecond())),
                layers.get("retry.hedge", rules -> rules.retry().hedge()));
    }

    /** Every setting, for people. */
    List<Explained> explain() {
        return List.of(
                Explained.of("retry.attempts", attempts),
                Explained.of("retry.on", on),
                Explained.of("retry.methods", methods),
                Explained.of("retry.try-timeout", tryTimeout),
                Explained.of("retry.buffer", buffer),
                Explained.of("retry.backoff.first", backoff.first),
                Explained.of("retry.backoff.most", backoff.most),
                Explained.of("retry.max-retry-after", backoff.maxRetryAfter),
                Explained.of("retry.budget.share", budget.share),
                Explained.of("retry.budget.min-per-second", budget.minPerSecond),
                Explained.of("retry.hedge", hedge));
    }
}
