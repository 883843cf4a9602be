package io.foregate.control.build;

import io.foregate.control.config.model.Cidr;
import io.foregate.control.config.model.MethodName;
import io.foregate.control.config.model.Site;
import io.foregate.proxy.route.CidrSet;
import io.foregate.proxy.route.Condition;
import io.foregate.proxy.route.ValueTest;
import java.util.ArrayList;
import java.util.List;

/** Compiles what a route asks of requests beyond host and path. Stateless. */
public final class Conditions {
    private static final int MAPPED_PREFIX_BITS = 96;

    private Conditions() {}

    public static List<Condition> of(Site.Conditions when) {
        if (when.count() == 0) {
            return List.of();
        }
        List<Condition> conditions = new ArrayList<>();
        if (!when.method().isEmpty()) {
            conditions.add(Condition.method(
                    when.method().stream().map(MethodName::text).toList()));
        }
        when.header().forEach((name, match) -> conditions.add(Condition.header(name.text(), test(match))));
        when.query().forEach((name, match) -> conditions.add(Condition.query(name, test(match))));
        when.cookie().forEach((name, match) -> conditions.add(Condition.cookie(name, test(match))));
        if (!when.from().isEmpty()) {
            conditions.add(Condition.client(cidrs(when.from())));
        }
        return conditions;
    }

    private static ValueTest test(Site.ValueMatch match) {
        if (match.is() != null) {
            return ValueTest.is(match.is());
        }
        if (match.regex() != null) {
            return ValueTest.matches(match.regex().source());
        }
        return Boolean.FALSE.equals(match.present()) ? ValueTest.absent() : ValueTest.present();
    }

    static CidrSet cidrs(List<Cidr> blocks) {
        return CidrSet.of(blocks.stream().map(Conditions::text).toList());
    }

    // The JDK makes an IPv4 address of one that was written in mapped form, whose prefix still counts 128 bits.
    private static String text(Cidr block) {
        boolean mapped = block.network().getAddress().length == 4 && block.bits() > 32;
        int bits = mapped ? block.bits() - MAPPED_PREFIX_BITS : block.bits();
        return block.network().getHostAddress() + "/" + bits;
    }
}
