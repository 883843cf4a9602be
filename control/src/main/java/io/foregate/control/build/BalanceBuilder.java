package io.foregate.control.build;

import io.foregate.api.message.HeaderName;
import io.foregate.control.config.effective.EffectivePool;
import io.foregate.control.config.effective.Setting;
import io.foregate.control.config.model.Balance;
import io.foregate.control.config.model.Name;
import io.foregate.control.config.model.Sticky;
import io.foregate.proxy.balance.Balancer;
import io.foregate.proxy.balance.Balancing;
import io.foregate.proxy.balance.SlowStart;
import io.foregate.proxy.balance.StickyTokens;
import io.foregate.proxy.route.Keyed;
import io.foregate.proxy.route.Literal;
import io.foregate.proxy.route.RequestKey;
import io.foregate.proxy.route.StickyCookie;
import io.foregate.proxy.upstream.Affinity;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Compiles how a pool's servers are chosen. Stateless. */
final class BalanceBuilder {
    private static final int LEAST_KEY_CHARACTERS = 16;

    private BalanceBuilder() {}

    /** @param ownKey for cookies whose key isn't configured */
    static Balancing balancing(EffectivePool pool, byte[] ownKey) throws UnbuildableException {
        Balance balance = pool.balance().value();
        Balancer balancer = switch (balance.method()) {
            case ROUND_ROBIN -> Balancer.ROUND_ROBIN;
            case LEAST_REQUESTS -> Balancer.LEAST_REQUESTS;
            case PEAK_EWMA -> Balancer.PEAK_EWMA;
            case RANDOM -> Balancer.RANDOM;
            case HASH -> Balancer.HASH;
        };
        EffectivePool.Division division = pool.division();
        Setting<Name> zone = division.zone();
        Balance.Hash hash = balance.hash();
        return new Balancing(
                balancer,
                division.headroom().value().percent(),
                division.panic().value().percent(),
                zone == null ? "" : zone.value().text(),
                hash == null || hash.bound() == null
                        ? Balancing.BOUND_PERCENT
                        : hash.bound().percent(),
                slowStart(pool),
                tokens(pool, division.sticky(), ownKey));
    }

    private static SlowStart slowStart(EffectivePool pool) {
        long nanos = Units.nanos(pool.division().slowStart().value());
        return pool.division().slowStart().value().isNone() ? SlowStart.NONE : new SlowStart(nanos);
    }

    static Affinity affinity(EffectivePool pool) {
        Setting<Sticky> sticky = pool.division().sticky();
        Affinity tied = sticky == null ? Affinity.NONE : cookie(sticky.value());
        Balance balance = pool.balance().value();
        return balance.method() == Balance.Method.HASH ? new Keyed(key(balance.hash()), tied) : tied;
    }

    private static RequestKey key(Balance.@Nullable Hash hash) {
        if (hash == null) {
            return new RequestKey.Client();
        }
        if (hash.header() != null) {
            return new RequestKey.Header(HeaderName.of(hash.header().text()));
        }
        if (hash.cookie() != null) {
            return new RequestKey.Cookie(Literal.of(hash.cookie().text()));
        }
        if (hash.query() != null) {
            return new RequestKey.Query(Literal.of(hash.query()));
        }
        return hash.by() == Balance.Part.PATH ? new RequestKey.Path() : new RequestKey.Client();
    }

    private static StickyCookie cookie(Sticky sticky) {
        StickyCookie.Secure secure = switch (sticky.secure()) {
            case AUTO -> StickyCookie.Secure.AUTO;
            case ON -> StickyCookie.Secure.ON;
            case OFF -> StickyCookie.Secure.OFF;
        };
        return new StickyCookie(sticky.cookie().text(), sticky.attributes(), secure);
    }

    // The scope is the pool's name, so that a cookie of one pool means nothing in another.
    private static @Nullable StickyTokens tokens(EffectivePool pool, @Nullable Setting<Sticky> sticky, byte[] ownKey)
            throws UnbuildableException {
        if (sticky == null) {
            return null;
        }
        if (sticky.value().key() == null) {
            return new StickyTokens(ownKey, pool.name().text());
        }
        String key = Secrets.read(sticky.value().key(), sticky.origin());
        if (key.length() < LEAST_KEY_CHARACTERS) {
            throw Secrets.bad(
                    sticky.origin(),
                    "the key in " + sticky.value().key() + " has fewer than " + LEAST_KEY_CHARACTERS + " characters",
                    null);
        }
        return new StickyTokens(
                key.getBytes(StandardCharsets.UTF_8), pool.name().text());
    }
}
